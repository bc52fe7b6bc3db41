"""Alloy's and Loki's settings fit each other, the compose file, and the lines that our programs write."""

import re
import subprocess
import sys
from datetime import datetime

import pytest
import yaml

from wearon_devkit.checkout import CHECKOUT

MONITORING = CHECKOUT / "infra" / "monitoring"
ALLOY = (MONITORING / "alloy" / "config.alloy").read_text()
LOKI = yaml.safe_load((MONITORING / "loki" / "loki.yml").read_text())
COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.prod.yml").read_text())
FIELDS = {"time", "level", "request_id", "session_id"}
WRITE_A_LINE = """
import structlog
from wearon_common.logs import configure_logging, task_context
configure_logging("wearon-test")
with task_context(request_id="req_1", session_id="s", task_id="t", channel="b2c"):
    structlog.get_logger().warning("something_happened")
"""


def without_comments() -> str:
    return re.sub(r"^\s*//.*$", "", ALLOY, flags=re.MULTILINE)


def test_every_block_of_alloy_ends_and_every_component_that_is_named_is_there() -> None:
    text = re.sub(r'`[^`]*`|"(?:[^"\\]|\\.)*"', '""', without_comments())
    assert text.count("{") == text.count("}")
    assert text.count("[") == text.count("]")

    there = set(re.findall(r'^([a-z.]+) "(\w+)" \{', without_comments(), re.MULTILINE))
    named = re.findall(r"\b([a-z]+\.[a-z]+)\.(\w+)\.(?:targets|output|receiver)\b", without_comments())
    assert named
    assert {(component, label) for component, label in named if component != "loki.source"} <= there


def test_alloy_reads_the_containers_of_our_project_alone_and_through_the_proxy() -> None:
    assert f'"com.docker.compose.project={COMPOSE["name"]}"' in ALLOY
    assert set(re.findall(r'\bhost += "(.+)"', ALLOY)) == {"tcp://docker-proxy:2375"}
    assert "docker-proxy" in COMPOSE["services"]


def test_alloy_drops_no_line() -> None:
    assert not re.search(
        r"stage\.(drop|limit|sampling)|drop_malformed|action += \"drop\"", without_comments()
    )


def test_alloy_writes_where_loki_listens() -> None:
    [url] = re.findall(r'\burl = "(.+)"', ALLOY)
    assert url == f"http://loki:{LOKI['server']['http_listen_port']}/loki/api/v1/push"


def test_labels_are_few_and_ids_are_structured_metadata() -> None:
    labels = re.search(r"stage\.labels \{\s+values = \{(.*?)\}", ALLOY, re.DOTALL)
    metadata = re.search(r"stage\.structured_metadata \{\s+values = \{(.*?)\}", ALLOY, re.DOTALL)
    assert labels is not None
    assert metadata is not None
    assert re.findall(r"(\w+) =", labels[1]) == ["level"]
    assert set(re.findall(r"(\w+) += ", metadata[1])) == {"request_id", "session_id"}
    assert LOKI["limits_config"]["allow_structured_metadata"] is True


def test_the_fields_that_alloy_reads_are_those_that_our_programs_write() -> None:
    program = [sys.executable, "-c", WRITE_A_LINE]
    said = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    line = yaml.safe_load(said.stdout)

    assert line.keys() >= FIELDS
    assert line["level"] == "warning"
    assert datetime.fromisoformat(str(line["time"])).tzinfo
    access_log = (CHECKOUT / "infra" / "nginx" / "http" / "access-log.conf").read_text()
    assert all(f'"{field}":"$' in access_log for field in FIELDS - {"session_id"})
    assert set(re.findall(r'^\t\t\t(\w+) += "",$', ALLOY, re.MULTILINE)) == FIELDS


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('ts=2026-11-22T12:00:00Z caller=main.go:1 level=warn msg="slow"', "warn"),
        ('logger=http t=2026-11-22T12:00:00Z level="error" msg=no', "error"),
        ("2026/11/22 12:00:00 [crit] 7#7: *1 SSL_do_handshake() failed", "crit"),
        ("1:M 22 Nov 2026 12:00:00.000 * Ready to accept connections tcp", None),
        ("my level is not said [levels]", None),
    ],
)
def test_a_line_that_is_no_json_says_its_level_where_it_has_one(line: str, level: str | None) -> None:
    [expression] = re.findall(r"expression = `(.+)`", ALLOY)
    found = re.search(expression, line)

    assert (found and found["level"]) == level


def test_only_lines_that_are_no_json_are_searched_for_a_level() -> None:
    [not_json] = re.findall(r'selector = `\{service=~"\.\+"\} !~ "(.+)"`', ALLOY)
    is_json = not_json.replace("\\\\", "\\")  # LogQL's string

    assert re.search(is_json, ' {"event":"said level=error"}')
    assert not re.search(is_json, "level=error {")


def test_loki_keeps_seven_days_and_deletes_what_is_older() -> None:
    limits, compactor = LOKI["limits_config"], LOKI["compactor"]

    assert limits["retention_period"] == "168h"
    assert compactor["retention_enabled"] is True
    assert compactor["delete_request_store"] == "filesystem"
    [schema] = LOKI["schema_config"]["configs"]
    assert (schema["store"], schema["schema"], schema["index"]["period"]) == ("tsdb", "v13", "24h")


def test_no_cache_of_loki_s_is_larger_than_its_container_bears() -> None:
    caches_mb = (
        LOKI["chunk_store_config"]["chunk_cache_config"]["embedded_cache"]["max_size_mb"],
        LOKI["query_range"]["results_cache"]["cache"]["embedded_cache"]["max_size_mb"],
    )
    replay_mb = int(LOKI["ingester"]["wal"]["replay_memory_ceiling"].removesuffix("MB"))

    assert COMPOSE["services"]["loki"]["mem_limit"] == "256m"
    assert sum(caches_mb) + replay_mb <= 100
