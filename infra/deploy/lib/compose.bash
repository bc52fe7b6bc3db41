#!/usr/bin/env bash
# Docker compose on one release, and what it says about its services; to be sourced.

readonly COMPOSE_FILE_NAME=docker-compose.prod.yml

# compose VERSION ARGUMENT…
compose() {
  local version=$1 arguments=()
  shift
  arguments=(--project-name "$PROJECT" --project-directory "${PROJECT_FOLDER:-$CURRENT}" --progress quiet)
  arguments+=(--env-file "$SETTINGS" --env-file "$IMAGES/$version.env")
  arguments+=(--file "$RELEASES/$version/$COMPOSE_FILE_NAME")
  if [[ -e $OVERRIDE ]]; then
    arguments+=(--file "$OVERRIDE")
  fi
  without_other_variables docker compose "${arguments[@]}" "$@"
}

# Compose prefers the caller's variables to those of its files: a forgotten export must not change what runs.
without_other_variables() {
  local kept=() name
  for name in PATH HOME USER LANG DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG; do
    if [[ -v $name ]]; then
      kept+=("$name=${!name}")
    fi
  done
  env --ignore-environment "${kept[@]}" "$@"
}

# What compose makes of a release, by service, those of inactive profiles left out. A fingerprint changes with the
# image, the settings and the options of a service, not with its replicas.
declare -A FINGERPRINTS=() REPLICAS=()

# read_release VERSION: fills both tables.
# shellcheck disable=SC2034 # those who roll read them
read_release() {
  local fingerprints config service value
  fingerprints=$(compose "$1" config --hash '*')
  config=$(compose "$1" config)
  FINGERPRINTS=() REPLICAS=()
  while read -r service value; do
    FINGERPRINTS[$service]=$value
    REPLICAS[$service]=1
  done <<<"$fingerprints"
  while read -r service value; do
    REPLICAS[$service]=$value
  done < <(replicas_in <<<"$config")
}

# replicas_in: from compose's own YAML on its input, lines of SERVICE and REPLICAS where that is said.
replicas_in() {
  awk '
    /^[a-z]/ { in_services = ($0 == "services:") }
    in_services && /^  [^ ]/ { service = substr($1, 1, length($1) - 1) }
    in_services && (/^    scale:/ || /^      replicas:/) { gsub(/"/, "", $2); print service, $2 }'
}

# services: the names of all, sorted.
services() {
  printf '%s\n' "${!FINGERPRINTS[@]}" | sort
}

# containers_of SERVICE: ids, the oldest first, stopped ones included.
containers_of() {
  project_containers --filter "label=com.docker.compose.service=$1"
}

project_containers() {
  docker container ls --all --quiet --no-trunc "$@" \
    --filter "label=com.docker.compose.project=$PROJECT" \
    --filter label=com.docker.compose.oneoff=False | tac
}

# label_of CONTAINER NAME
label_of() {
  docker container inspect --format "{{index .Config.Labels \"com.docker.compose.$2\"}}" "$1"
}

name_of() {
  local name
  name=$(docker container inspect --format '{{.Name}}' "$1")
  echo "${name#/}"
}
