"""Every number that sizing shows is there from the start, and moves when its fact happens."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrape import Scrape
from sizing_pictures import jpeg, picture_host, pot
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS

AMARA = PERSONS[0]
ONE_SIZE = '[{"size": "A", "up_to_cm": 10}, {"size": "B"}]'


@dataclass(frozen=True)
class Day:
    """What the service showed before and after a day on which everything happened."""

    before: Scrape
    after: Scrape

    def moved(self, name: str) -> dict[tuple[str, ...], float]:
        ours = {
            series: value for series, value in self.after.samples.items() if series in self.before.samples
        }
        return Scrape(ours).since(self.before).moved(name)


@pytest.fixture(scope="module")
def day(valkey: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    pictures = {"amara": AMARA.path.read_bytes(), "pot": jpeg(pot()), "text": b"not a picture"}
    with (
        picture_host(pictures) as host,
        running_sizing(
            tmp_path_factory.mktemp("sizing"), REDIS_URL=valkey, IMAGE_FETCH_PRIVATE_HOSTS=host
        ) as sizing,
    ):
        url = str(sizing.client.base_url)
        before = Scrape.of(url)
        live_through(sizing, host)
        yield Day(before, Scrape.of(url))


def live_through(sizing: SizingService, host: str) -> None:
    """Recommend three sizes, one of a client's own chart, and refuse six requests."""
    statuses = [
        sizing.estimate(f"http://{host}/amara", AMARA.height_cm).status_code,
        sizing.upload(AMARA.path.read_bytes(), height_cm=AMARA.height_cm).status_code,
        sizing.upload(AMARA.path.read_bytes(), height_cm=AMARA.height_cm, size_chart=ONE_SIZE).status_code,
        sizing.estimate(f"http://{host}/pot").status_code,
        sizing.estimate(f"http://{host}/text").status_code,
        sizing.estimate("http://127.0.0.1:1/inside").status_code,
        sizing.estimate(f"http://{host}/amara", 1).status_code,
        sizing.estimate(f"http://{host}/amara", size_chart="none such").status_code,
    ]
    assert statuses == [200, 200, 200, 422, 400, 400, 422, 422]


def test_every_counter_is_there_with_zero_before_anything_happens(day: Day) -> None:
    counted = {name for name, _labels in day.before.samples if name.startswith("wearon_sizing")}
    assert len(counted) > 10
    assert not any(day.before.moved(name) for name in counted if "_total" in name)
    refusals = [name for name, _labels in day.before.samples if name == "wearon_sizing_refusals_total"]
    assert len(refusals) > 30


def test_refusals_are_counted_by_kind_and_reason(day: Day) -> None:
    assert day.moved("wearon_sizing_refusals_total") == {
        ("body", "no_person"): 1,
        ("image", "not_an_image"): 1,
        ("image", "url_refused"): 1,
        ("request", "invalid"): 1,
        ("request", "unknown_chart"): 1,
    }


def test_sizes_are_counted_and_those_of_strangers_as_one(day: Day) -> None:
    sizes = day.moved("wearon_sizing_sizes_total")
    assert sizes.pop(("other",)) == 1
    assert sum(sizes.values()) == 2
    assert {size for (size,) in sizes} <= {"XS", "S", "M", "L", "XL", "XXL"}
    assert day.moved("wearon_sizing_confidence_ratio_count") == {(): 3}


def test_each_stage_is_timed(day: Day) -> None:
    stages = day.moved("wearon_sizing_stage_seconds_count")
    assert stages == {("download",): 4, ("wait",): 4, ("decode",): 4, ("infer",): 4, ("measure",): 4}
    assert day.after.value("wearon_sizing_stage_seconds_sum", stage="infer") > 0


def test_the_pool_and_what_waits_for_it_are_shown(day: Day) -> None:
    assert day.after.value("wearon_sizing_landmarkers") == 2
    assert day.after.value("wearon_sizing_landmarkers_busy") == 0
    assert day.after.value("wearon_sizing_landmarkers_waiting") == 0
    assert day.after.value("wearon_sizing_pictures") == 0
    assert day.after.value("wearon_sizing_pictures_limit") == 32
    assert day.after.value("wearon_sizing_model_loaded") == 1
    assert day.after.value("wearon_sizing_shed_total") == 0


def test_requests_are_counted_and_timed_around_the_service_level(day: Day) -> None:
    requests = {"handler": "/estimate-body", "method": "POST"}
    assert day.after.value("http_requests_total", **requests, status="200") == 1
    assert day.after.value("http_requests_total", **requests, status="422") == 3
    assert day.after.value("http_request_duration_seconds_bucket", **requests, le="3.0") == 6
    assert day.after.value("http_request_duration_seconds_count", **requests) == 6
    assert day.after.value("wearon_build_info", service="wearon-sizing") == 1


def test_what_is_turned_away_behind_the_door_is_counted(valkey: str, tmp_path: Path) -> None:
    of_one_host, pictures = 15, {"amara": AMARA.path.read_bytes()}
    all_are_in = threading.Barrier(2 * of_one_host)
    with (
        picture_host(pictures, all_are_in.wait) as one,
        picture_host(pictures, all_are_in.wait) as other,
        running_sizing(
            tmp_path, REDIS_URL=valkey, IMAGE_FETCH_PRIVATE_HOSTS=f"{one},{other}", POSE_LANDMARKERS="1"
        ) as sizing,
        ThreadPoolExecutor(all_are_in.parties) as threads,
    ):
        urls = [f"http://{host}/amara" for host in (one, other)] * of_one_host
        answers = Counter(answer.status_code for answer in threads.map(sizing.estimate, urls))
        shown = Scrape.of(str(sizing.client.base_url))
    assert answers.keys() == {200, 503}
    assert shown.moved("wearon_sizing_shed_total") == {("estimator",): answers[503]}
