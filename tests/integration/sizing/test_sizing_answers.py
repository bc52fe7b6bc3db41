from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image
from sizing_pictures import jpeg, picture_host, pot
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS as BUNDLED

PERSONS = {person.name: person for person in BUNDLED}
SIZES = {"XS", "S", "M", "L", "XL", "XXL"}
TOKEN = "token=very-private"


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    amara = Image.open(PERSONS["amara"].path)
    width_px, height_px = amara.size
    pictures = {name: person.path.read_bytes() for name, person in PERSONS.items()}
    pictures["pot"] = jpeg(pot())
    pictures["upside_down"] = jpeg(amara.rotate(180))
    pictures["portrait"] = jpeg(amara.crop((0, 0, width_px, height_px // 2)))
    pictures["odd_width"] = jpeg(amara.crop((1, 0, width_px, height_px)))
    pictures["text"] = b"not a picture"
    with picture_host(pictures) as address:
        yield address


@pytest.fixture(scope="module")
def gone_host() -> str:
    with picture_host({}) as address:
        return address


@pytest.fixture(scope="module")
def sizing(
    host: str, gone_host: str, valkey: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SizingService]:
    allowed = f"{host},{gone_host}"
    folder = tmp_path_factory.mktemp("sizing")
    with running_sizing(folder, REDIS_URL=valkey, IMAGE_FETCH_PRIVATE_HOSTS=allowed) as service:
        yield service


@pytest.mark.parametrize("name", sorted(PERSONS))
def test_a_person_gets_a_size_in_the_form_that_clients_accept(
    sizing: SizingService, host: str, name: str
) -> None:
    answer = sizing.estimate(f"http://{host}/{name}?{TOKEN}", PERSONS[name].height_cm)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"recommended_size", "measurements", "confidence", "body_type", "size_range"}
    assert set(body["measurements"]) == {
        "chest_cm",
        "waist_cm",
        "hip_cm",
        "shoulder_cm",
        "inseam_cm",
        "height_cm",
    }
    assert all(value == round(value, 1) for value in body["measurements"].values())
    assert body["recommended_size"] in SIZES
    assert set(body["size_range"]) == {"lower", "upper"}
    assert set(body["size_range"].values()) <= SIZES
    assert 0 <= body["confidence"] <= 1
    assert body["body_type"] in {"slim", "average", "athletic", "broad"}


def test_a_picture_of_odd_width_is_measured_like_any_other(sizing: SizingService, host: str) -> None:
    height_cm = PERSONS["amara"].height_cm
    chests_cm = [
        sizing.estimate(f"http://{host}/{name}", height_cm).json()["measurements"]["chest_cm"]
        for name in ("amara", "odd_width")
    ]
    assert chests_cm[0] == pytest.approx(chests_cm[1], rel=0.05)


@pytest.mark.parametrize(
    ("height_cm", "kind"),
    [("170", "float_type"), (True, "float_type"), (99.9, "greater_than_equal"), (250.1, "less_than_equal")],
)
def test_a_height_must_be_a_number_between_100_and_250(
    sizing: SizingService, host: str, height_cm: object, kind: str
) -> None:
    answer = sizing.estimate(f"http://{host}/amara", height_cm)
    assert answer.status_code == 422
    assert [(problem["loc"], problem["type"]) for problem in answer.json()["detail"]] == [
        (["body", "height_cm"], kind)
    ]


@pytest.mark.parametrize("height", ["NaN", "Infinity", "1e999"])
def test_a_height_must_be_finite(sizing: SizingService, host: str, height: str) -> None:
    payload = f'{{"image_url":"http://{host}/amara","height_cm":{height}}}'
    answer = sizing.client.post(
        "/estimate-body", content=payload, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


def test_an_unknown_field_is_refused_without_repeating_the_input(sizing: SizingService, host: str) -> None:
    answer = sizing.estimate(f"http://{host}/amara?{TOKEN}", weight=70)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "extra_forbidden"
    assert TOKEN not in answer.text


def test_a_missing_field_is_refused(sizing: SizingService) -> None:
    answer = sizing.client.post("/estimate-body", json={"height_cm": 170})
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "image_url"])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "url_refused"),
        ("https://169.254.169.254/latest/meta-data", "url_refused"),
        ("https://127.0.0.1/x", "url_refused"),
        ("https://localhost/x", "address_refused"),
        ("file:///etc/passwd", "url_refused"),
        ("nonsense", "url_refused"),
    ],
)
def test_a_url_that_leads_inside_is_refused(sizing: SizingService, url: str, reason: str) -> None:
    answer = sizing.estimate(url)
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Invalid or inaccessible image URL", "reason": reason}


@pytest.mark.parametrize(("name", "reason"), [("absent", "http_status"), ("text", "not_an_image")])
def test_a_url_without_a_picture_is_refused(sizing: SizingService, host: str, name: str, reason: str) -> None:
    answer = sizing.estimate(f"http://{host}/{name}")
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Invalid or inaccessible image URL", "reason": reason}


def test_a_host_that_does_not_answer_is_inaccessible(sizing: SizingService, gone_host: str) -> None:
    answer = sizing.estimate(f"http://{gone_host}/amara")
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Invalid or inaccessible image URL", "reason": "unreachable"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("pot", "no_person"), ("upside_down", "upside_down"), ("portrait", "feet_outside")],
)
def test_a_picture_without_a_whole_body_is_refused_with_its_reason(
    sizing: SizingService, host: str, name: str, reason: str
) -> None:
    answer = sizing.estimate(f"http://{host}/{name}")
    assert answer.status_code == 422
    body = answer.json()
    assert (body["detail"], body["reason"]) == ("Could not detect full body pose from image", reason)
    assert body["advice"].endswith(".")


def test_a_large_request_is_refused(sizing: SizingService) -> None:
    answer = sizing.estimate("https://example.com/" + "x" * 9000)
    assert answer.status_code == 413


def test_concurrent_requests_get_their_own_answers(sizing: SizingService, host: str) -> None:
    def ask(name: str) -> httpx.Response:
        return sizing.estimate(f"http://{host}/{name}", PERSONS[name].height_cm)

    names = sorted(PERSONS) * 3
    alone = {name: ask(name).json() for name in PERSONS}
    with ThreadPoolExecutor(len(names)) as threads:
        answers = list(threads.map(ask, names))
    assert [answer.json() for answer in answers] == [alone[name] for name in names]


def test_the_callers_request_id_is_returned_and_logged(sizing: SizingService, host: str) -> None:
    answer = sizing.client.post(
        "/estimate-body",
        json={"image_url": f"http://{host}/pot?{TOKEN}", "height_cm": 170},
        headers={"X-Request-Id": "shop 42"},
    )
    assert answer.headers["X-Request-Id"] == "shop 42"
    events = sizing.events_of("shop 42")
    assert [event["event"] for event in events] == ["body_refused", "http_request"]
    assert {key: events[-1][key] for key in ("method", "path", "status")} == {
        "method": "POST",
        "path": "/estimate-body",
        "status": 422,
    }


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/nothing", 404, "not_found"),
        ("/estimate-body/", 404, "not_found"),
        ("/estimate-body", 405, "method_not_allowed"),
    ],
)
def test_what_has_no_route_is_answered_in_the_form_of_every_error(
    sizing: SizingService, path: str, status: int, reason: str
) -> None:
    answer = sizing.client.get(path)
    assert answer.status_code == status
    assert answer.json() == {"detail": answer.reason_phrase, "reason": reason}
    assert answer.headers.get("Allow") == ("POST" if status == 405 else None)


def test_a_request_without_an_id_gets_one(sizing: SizingService) -> None:
    answer = sizing.client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"].startswith("req_")


def test_health_is_ok(sizing: SizingService) -> None:
    answer = sizing.client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "model_loaded": True, "redis_connected": True}


def test_health_is_there_for_who_asks_without_a_body(sizing: SizingService) -> None:
    answer = sizing.client.head("/health")
    assert (answer.status_code, answer.content) == (200, b"")


def test_metrics_count_estimates_but_not_health_checks(sizing: SizingService) -> None:
    sizing.estimate("nonsense")
    sizing.client.get("/health")
    metrics = sizing.client.get("/metrics").text
    assert 'http_requests_total{handler="/estimate-body",method="POST",status="400"}' in metrics
    assert "/health" not in metrics


def test_no_url_token_reaches_the_logs(sizing: SizingService, host: str) -> None:
    for name in ("amara", "pot", "absent"):
        sizing.estimate(f"http://{host}/{name}?{TOKEN}")
    assert sizing.events()
    assert TOKEN not in sizing.log.read_text()
    assert host not in sizing.log.read_text()
