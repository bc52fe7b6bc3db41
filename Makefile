# WearOn's commands; `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_PYTHON ?= $(PYTHON)
UV_VERSION := 0.13.9

# What the set-up makes, all of it in folders that git ignores.
UV := .tools/uv-$(UV_VERSION)/uv
SYNCED := .venv/.synced-with-$(subst /,_,$(UV_PYTHON))
POSE_MODEL := .local/models/pose_landmarker_full.task

export UV_PYTHON
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# MediaPipe brings Matplotlib, which would write to the home folder.
export MPLCONFIGDIR ?= $(CURDIR)/.local/matplotlib
# Without a home folder to write to, uv's cache stays with the repository.
ifneq ($(shell test -w "$${XDG_CACHE_HOME:-$${HOME-}}" && echo yes),yes)
export UV_CACHE_DIR ?= $(CURDIR)/.local/uv-cache
endif

##@ Try it
.PHONY: demo
demo: set-up ## Run real try-ons end to end on this machine (OPENAI=real: with your OPENAI_API_KEY)
	@.venv/bin/wearon-dev demo $(DEMO_OPTIONS)

DEMO_OPTIONS = $(if $(OPENAI),--openai $(OPENAI))

##@ Work on it
.PHONY: test test-containers chaos alarms bench monitor lint format typecheck
test: set-up ## Run the tests that need no Docker; layers that cannot run here say why
	@.venv/bin/python -m pytest -n 3 --dist loadfile --ignore tests/containers

test-containers: set-up ## Run the tests of the images, the compose files, Nginx and deployment; needs Docker
	@.venv/bin/python -m pytest tests/containers

chaos: set-up ## Kill and disturb everything for five minutes (SEED=n repeats a run)
	@.venv/bin/wearon-dev chaos $(if $(SEED),--seed $(SEED))

alarms: set-up ## Break running backends and measure how long each alarm takes, about 20 minutes (ALARMS="name …": only these)
	@PYTHONPATH=tests .venv/bin/python -m alarms $(ALARMS)

bench: set-up ## Measure speed and cost beside references, in about 8 minutes (FULL=1: 25; BENCH="name …": only these)
	@PYTHONPATH=tests .venv/bin/python -m load $(BENCH) $(if $(FULL),--full)

monitor: set-up ## Watch what `wearon-dev up` runs with a local Prometheus and the alert rules of production
	@.venv/bin/wearon-dev monitor

lint: $(SYNCED) ## Check style: ruff, shellcheck, hadolint, compose, zizmor, actionlint
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@scripts/lint-shell
	@scripts/lint-dockerfiles
	@scripts/lint-compose
	@scripts/lint-workflows

format: $(SYNCED) ## Rewrite the Python files in the house format
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

typecheck: $(SYNCED) ## Check types: mypy --strict
	@.venv/bin/mypy

.PHONY: bench-sizing
bench-sizing: set-up ## Measure sizing: accuracy on SIZING_DATA=folder (cross-validated), speed against bare MediaPipe
	@$(if $(SIZING_DATA),.venv/bin/python -m wearon_sizing.fitting report "$(SIZING_DATA)" --model $(POSE_MODEL),echo "accuracy: set SIZING_DATA to a folder with bodies/ and ansur_ii/")
	@PYTHONPATH=tests .venv/bin/python -m load.sizing.speed $(SIZING_PHOTO) --model $(POSE_MODEL)

.PHONY: bench-sizing-endurance
bench-sizing-endurance: set-up ## Measure sizing under load, beyond it, and over REQUESTS requests
	@PYTHONPATH=tests .venv/bin/python -m load.sizing.endurance --requests $(or $(REQUESTS),2000)

SIZING_PHOTO ?= libs/wearon_devkit/src/wearon_devkit/pictures/persons/amara.jpg

##@ Run it in containers
.PHONY: dev up down logs build
dev: docker ## Build and run everything with Docker, in the foreground; a change of the code rebuilds its service
	@docker compose up --build --watch

up: docker ## The same in the background
	@docker compose up --build --detach

down: docker ## Stop what `make up` started
	@docker compose down

logs: docker ## Follow the logs of what `make up` started
	@docker compose logs --follow

build: docker ## Build the images and print their sizes
	@docker compose build
	@scripts/image-sizes

.PHONY: help
help:
	@scripts/list-targets $(MAKEFILE_LIST)

# Set-up: each file is made again when what it is made from changes.
.PHONY: set-up check-python system-libraries docker
set-up: system-libraries $(SYNCED) $(POSE_MODEL)

check-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "set-up: there is no $(PYTHON); WearOn needs Python 3.11 to 3.13" >&2; exit 1; }
	@"$(PYTHON)" scripts/check_python.py

system-libraries: | check-python
	@"$(PYTHON)" -m scripts.get_system_libraries

$(UV): | check-python
	@"$(PYTHON)" -m scripts.get_uv $(UV_VERSION) $@

$(SYNCED): uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml) | $(UV)
	@echo "set-up: installing the packages of uv.lock into .venv" >&2
	@$(UV) sync --all-packages $(LOCKED)
	@touch $@

# An index of the user's own makes the lock file look outdated, although its files are the same.
LOCKED := $(if $(UV_DEFAULT_INDEX)$(UV_INDEX_URL),--frozen,--locked)

$(POSE_MODEL): | check-python
	@"$(PYTHON)" -m scripts.get_pose_model $@

docker:
	@scripts/require-docker
