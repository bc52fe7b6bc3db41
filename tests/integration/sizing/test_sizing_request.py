import json
from collections.abc import Iterator

import pytest
from PIL import Image
from sizing_pictures import jpeg, picture_host
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS

AMARA = PERSONS[0]
PICTURE = AMARA.path.read_bytes()


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with picture_host({"amara": PICTURE}) as address:
        yield address


@pytest.fixture(scope="module")
def sizing(host: str, valkey: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SizingService]:
    folder = tmp_path_factory.mktemp("sizing")
    with running_sizing(folder, REDIS_URL=valkey, IMAGE_FETCH_PRIVATE_HOSTS=host) as service:
        yield service


def test_an_upload_gets_the_same_answer_as_a_url(sizing: SizingService, host: str) -> None:
    by_url = sizing.estimate(f"http://{host}/amara", AMARA.height_cm)
    uploaded = sizing.upload(PICTURE, height_cm=AMARA.height_cm)
    assert uploaded.status_code == 200
    assert uploaded.json() == by_url.json()


def test_the_height_is_told_back_and_the_inseam_fits_it(sizing: SizingService) -> None:
    measurements = sizing.upload(PICTURE, height_cm=AMARA.height_cm).json()["measurements"]
    assert measurements["height_cm"] == AMARA.height_cm
    assert 0.4 < measurements["inseam_cm"] / AMARA.height_cm < 0.55


def test_a_weight_and_a_sex_are_taken_into_account(sizing: SizingService, host: str) -> None:
    url = f"http://{host}/amara"
    chests_cm = [
        sizing.estimate(url, AMARA.height_cm, weight_kg=weight_kg, sex="female").json()["measurements"][
            "chest_cm"
        ]
        for weight_kg in (58, 64, 70)
    ]
    assert chests_cm == sorted(set(chests_cm))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight_kg", 24.9), ("weight_kg", 300.1), ("weight_kg", "70"), ("weight_kg", True),
        ("sex", "F"), ("sex", 1), ("size_chart", "unheard of"), ("size_chart", 7),
        ("size_chart", [{"size": "S"}]),
        ("size_chart", [{"size": "S", "up_to_cm": 90}, {"size": "M", "up_to_cm": 99}]),
        ("size_chart", [{"size": "S", "up_to_cm": 90}, {"size": "M", "up_to_cm": 80}, {"size": "L"}]),
        ("size_chart", [{"size": "S", "up_to_cm": 90}, {"size": "S"}]),
        ("size_chart", [{"size": "s", "up_to_cm": 90}, {"size": "L"}]),
        ("shoe_size", 42),
    ],
)  # fmt: skip
def test_a_field_that_breaks_the_rules_is_refused(sizing: SizingService, field: str, value: object) -> None:
    answer = sizing.estimate("https://example.com/me.jpg", 170, **{field: value})
    assert answer.status_code == 422
    [problem] = answer.json()["detail"]
    assert problem["loc"][:2] in (["body", field], ["body"])
    text = json.dumps(value) if not isinstance(value, str) else value
    assert sizing.upload(PICTURE, height_cm=170, **{field: text}).status_code in (
        {200, 422} if field == "weight_kg" else {422}
    )


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        ({"content": b'{"height_cm": 170}'}, "The body must be a JSON object, sent as application/json"),
        ({"json": ["height_cm", 170]}, "The body must be a JSON object, sent as application/json"),
        ({"json": {"image_url": "https://x", "height_cm": 170, "sex": "f"}}, "must be female or male"),
    ],
    ids=["no content type", "no object", "a rule of ours"],
)
def test_what_is_wrong_with_a_request_is_told_in_plain_words(
    sizing: SizingService, request_body: dict[str, object], message: str
) -> None:
    answer = sizing.client.post("/estimate-body", **request_body)  # type: ignore[arg-type] # httpx's own options
    assert [problem["msg"] for problem in answer.json()["detail"]] == [message]


@pytest.mark.parametrize(
    ("chart", "sizes"),
    [
        ("en13402_women", {"XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL"}),
        ([{"size": "ONE", "up_to_cm": 60}, {"size": "TWO", "up_to_cm": 160}, {"size": "HUGE"}], {"TWO"}),
    ],
)
def test_the_size_is_of_the_chart_that_was_asked_for(
    sizing: SizingService, host: str, chart: object, sizes: set[str]
) -> None:
    by_url = sizing.estimate(f"http://{host}/amara", AMARA.height_cm, size_chart=chart).json()
    text = chart if isinstance(chart, str) else json.dumps(chart)
    uploaded = sizing.upload(PICTURE, height_cm=AMARA.height_cm, size_chart=text).json()
    assert by_url == uploaded
    assert by_url["recommended_size"] in sizes


@pytest.mark.parametrize("fields", [{}, {"height_cm": "tall"}, {"height_cm": "nan"}, {"height_cm": 99}])
def test_an_upload_needs_a_height_within_the_rules(sizing: SizingService, fields: dict[str, object]) -> None:
    answer = sizing.upload(PICTURE, **fields)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "height_cm"]


@pytest.mark.parametrize(
    "form",
    [
        {"data": {"height_cm": "170"}},
        {"data": {"height_cm": "170", "image": "text"}},
        {"content": b"not a form", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
    ids=["no picture", "picture as text", "garbage", "json", "no boundary"],
)
def test_a_form_without_a_picture_is_refused(sizing: SizingService, form: dict[str, object]) -> None:
    assert sizing.client.post("/estimate-body/upload", **form).status_code == 422  # type: ignore[arg-type] # httpx's own options


def test_an_upload_beyond_10_mb_is_refused(sizing: SizingService) -> None:
    assert sizing.upload(b"x" * (11 * 1024 * 1024), height_cm=170).status_code == 413


def test_an_upload_that_is_no_picture_is_refused(sizing: SizingService) -> None:
    answer = sizing.upload(b"not a picture", height_cm=170)
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Invalid image", "reason": "not_an_image"}


def test_two_people_side_by_side_are_refused(sizing: SizingService) -> None:
    people = [Image.open(person.path).convert("RGB") for person in PERSONS[:2]]
    pair = Image.new("RGB", (sum(one.width for one in people), max(one.height for one in people)))
    pair.paste(people[0], (0, 0))
    pair.paste(people[1], (people[0].width, 0))
    answer = sizing.upload(jpeg(pair), height_cm=170)
    assert (answer.status_code, answer.json()["reason"]) == (422, "several_people")
    assert "only you" in answer.json()["advice"]


def test_no_picture_of_the_upload_reaches_the_disk_or_the_log(sizing: SizingService) -> None:
    sizing.upload(PICTURE, height_cm=170)
    assert "me.jpg" not in sizing.log.read_text()
