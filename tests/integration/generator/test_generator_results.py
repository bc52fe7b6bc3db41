"""What a try-on that went well leaves behind."""

import base64
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image
from served_shop import ServedShop
from shop import CREDITS, Outcome, Shop

from wearon_common.channel import Channel
from wearon_common.request_id import traceable
from wearon_devkit.producer import Payer, TryOn, task_of

COMPLETED = Outcome("completed", None, balance=CREDITS - 1, refunds=0, provider_calls=1)
TURNED_BY_90_DEGREES = 6
ORIENTATION = 0x0112


@pytest.fixture(scope="module")
def finished(served: ServedShop) -> Mapping[Channel, TryOn]:
    """A finished try-on of each channel."""
    try_ons = {channel: served.shop.submit(channel) for channel in Channel}
    served.shop.wait_until_ended(*try_ons.values())
    return try_ons


@pytest.fixture(params=list(Channel))
def row(request: pytest.FixtureRequest, finished: Mapping[Channel, TryOn], shop: Shop) -> dict[str, Any]:
    """Its row."""
    return shop.row(finished[request.param])


def test_a_pushed_task_ends_completed_and_keeps_its_charge(
    finished: Mapping[Channel, TryOn], shop: Shop
) -> None:
    assert [shop.outcome(try_on) for try_on in finished.values()] == [COMPLETED, COMPLETED]


def test_the_row_shows_a_jpeg_that_everybody_with_the_url_can_see(row: dict[str, Any]) -> None:
    answer = httpx.get(row["generated_image_url"], trust_env=False)
    assert answer.headers["content-type"] == "image/jpeg"
    image = Image.open(BytesIO(answer.content))
    assert (image.format, image.size) == ("JPEG", (1024, 1536))


def test_the_url_is_signed_for_six_hours(row: dict[str, Any]) -> None:
    [token] = parse_qs(urlsplit(row["generated_image_url"]).query)["token"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] == 21_600


def test_the_image_lies_where_its_channel_keeps_it(finished: Mapping[Channel, TryOn], shop: Shop) -> None:
    paths = {
        channel: urlsplit(shop.row(try_on)["generated_image_url"]).path
        for channel, try_on in finished.items()
    }
    b2c, b2b = finished[Channel.B2C], finished[Channel.B2B]
    bucket = "/storage/v1/object/sign/images"
    assert paths == {
        Channel.B2C: f"{bucket}/generated/{b2c.owner_id}/{b2c.session_id}.jpg",
        Channel.B2B: f"{bucket}/stores/{b2b.owner_id}/generated/{b2b.session_id}.jpg",
    }


@pytest.mark.parametrize("channel", list(Channel))
def test_ids_in_upper_case_lead_to_the_same_place(shop: Shop, channel: Channel) -> None:
    try_on = shop.pay(shop.try_on(channel))
    task = task_of(try_on)
    names = ("session_id", channel.traits.owner_field)
    shop.producer.push(json.dumps(task | {name: task[name].upper() for name in names}))
    assert shop.outcome(try_on) == COMPLETED
    path = channel.traits.result_path_for(str(try_on.owner_id), str(try_on.session_id))
    assert urlsplit(shop.row(try_on)["generated_image_url"]).path.endswith(f"/images/{path}")


def test_the_row_shows_tokens_cost_and_time(row: dict[str, Any]) -> None:
    cheapest = (row["input_tokens"] * 5 + row["output_tokens"] * 30) / 1_000_000
    dearest = (row["input_tokens"] * 8 + row["output_tokens"] * 30) / 1_000_000
    assert row["input_tokens"] > 0
    assert cheapest <= float(row["estimated_cost_usd"]) <= dearest
    assert row["processing_time_ms"] >= 200
    assert row["completed_at"] > row["created_at"]


def test_a_shopper_who_pays_in_a_store_is_served_too(shop: Shop) -> None:
    try_on = shop.submit(Channel.B2B, payer=Payer.SHOPPER)
    assert shop.outcome(try_on).status == "completed"


def test_a_large_picture_reaches_the_provider_upright_and_small(shop: Shop) -> None:
    try_on = shop.submit(image_urls=[shop.upload("lying.jpg", _lying_picture()), shop.pictures[1]])
    assert shop.outcome(try_on) == COMPLETED
    [call] = shop.provider_calls(try_on)
    assert (call["images"][0]["width_px"], call["images"][0]["height_px"]) == (512, 1024)


def test_a_task_without_a_prompt_is_made_with_the_default_one(shop: Shop) -> None:
    assert shop.outcome(shop.submit(prompt="")) == COMPLETED


def test_a_request_id_that_no_header_can_hold_is_sent_as_its_digest(shop: Shop) -> None:
    request_id = "Bestellung №7\n" + "x" * 500
    try_on = shop.submit(Channel.B2B, request_id=request_id)
    shop.wait_until_ended(try_on)
    assert shop.row(try_on)["status"] == "completed"
    assert traceable(request_id) in [call["client_request_id"] for call in shop.openai.record()]


def _lying_picture() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_BY_90_DEGREES
    file = BytesIO()
    Image.new("RGB", (3000, 1500), "olive").save(file, "JPEG", exif=exif)
    return file.getvalue()
