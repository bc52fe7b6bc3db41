"""supabase-py's storage calls against the stand-in."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fixtures_supabase_local import BUCKET, StandIn, running_stand_in
from storage3._async.file_api import AsyncBucketProxy
from storage3.exceptions import StorageApiError
from storage3.types import FileOptions

from wearon_devkit.supabase_local.storage.tokens import Tokens
from wearon_devkit.supabase_local.storage.uploads import SIZE_LIMIT_BYTES

pytestmark = pytest.mark.anyio

JPEG = b"\xff\xd8\xff\xe0 a picture"
AS_JPEG: FileOptions = {"content-type": "image/jpeg"}
OVERWRITING: FileOptions = {**AS_JPEG, "upsert": "true"}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def stand_in(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with running_stand_in(postgres, tmp_path_factory.mktemp("supabase")) as stand_in:
        yield stand_in


@pytest.fixture
async def bucket(stand_in: StandIn) -> AsyncIterator[AsyncBucketProxy]:
    async with stand_in.client() as client:
        yield client.storage.from_(BUCKET)


@pytest.fixture
def path() -> str:
    """Return a path that no other test uses."""
    return f"generated/{uuid4()}/{uuid4()}.jpg"


async def get(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(url)


async def test_an_uploaded_picture_opens_through_its_signed_url_without_a_key(
    bucket: AsyncBucketProxy, path: str
) -> None:
    uploaded = await bucket.upload(path, JPEG, AS_JPEG)
    signed = await bucket.create_signed_url(path, 21_600)
    answer = await get(str(signed["signedURL"]))
    assert uploaded.full_path == f"{BUCKET}/{path}"
    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["content-type"] == "image/jpeg"


async def test_a_second_upload_is_a_duplicate_unless_it_may_overwrite(
    bucket: AsyncBucketProxy, path: str
) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    with pytest.raises(StorageApiError) as duplicate:
        await bucket.upload(path, b"second", AS_JPEG)
    assert (duplicate.value.status, duplicate.value.code) == ("409", "Duplicate")
    assert await bucket.download(path) == JPEG
    await bucket.upload(path, b"third", OVERWRITING)
    assert await bucket.download(path) == b"third"


async def test_an_update_replaces_the_picture_and_its_type(bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    await bucket.update(path, b"a png", {"content-type": "image/png"})
    signed = await bucket.create_signed_url(path, 60)
    answer = await get(str(signed["signedURL"]))
    assert (answer.content, answer.headers["content-type"]) == (b"a png", "image/png")


@pytest.mark.parametrize("type_", ["image/gif", "text/plain;charset=UTF-8", "application/octet-stream"])
async def test_only_the_bucket_s_picture_types_are_stored(
    bucket: AsyncBucketProxy, path: str, type_: str
) -> None:
    with pytest.raises(StorageApiError) as refused:
        await bucket.upload(path, JPEG, {"content-type": type_})
    assert (refused.value.status, refused.value.code) == ("415", "invalid_mime_type")


async def test_ten_mebibytes_are_stored_and_one_byte_more_is_not(bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, bytes(SIZE_LIMIT_BYTES), AS_JPEG)
    with pytest.raises(StorageApiError) as refused:
        await bucket.upload(path, bytes(SIZE_LIMIT_BYTES + 1), OVERWRITING)
    assert refused.value.status == "413"
    assert len(await bucket.download(path)) == SIZE_LIMIT_BYTES


async def test_another_bucket_is_not_found(stand_in: StandIn, path: str) -> None:
    async with stand_in.client() as client:
        with pytest.raises(StorageApiError) as missing:
            await client.storage.from_("other").upload(path, JPEG, AS_JPEG)
    assert (missing.value.status, missing.value.message) == ("404", "Bucket not found")


async def test_what_is_not_there_can_neither_be_signed_nor_downloaded(
    bucket: AsyncBucketProxy, path: str
) -> None:
    for call in (bucket.create_signed_url(path, 60), bucket.download(path)):
        with pytest.raises(StorageApiError) as missing:
            await call
        assert (missing.value.status, missing.value.code) == ("404", "not_found")


async def test_an_expired_token_opens_nothing(stand_in: StandIn, bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    token = Tokens(stand_in.service_key).sign(BUCKET, path, expires_in_s=-1)
    answer = await get(f"{stand_in.url}/storage/v1/object/sign/{BUCKET}/{path}?token={token}")
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidJWT")
    assert answer.json()["statusCode"] == "400"


async def test_a_damaged_or_missing_token_opens_nothing(
    stand_in: StandIn, bucket: AsyncBucketProxy, path: str
) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    url = str((await bucket.create_signed_url(path, 60))["signedURL"])
    forged = Tokens("another key").sign(BUCKET, path, 60)
    bare, _ = url.split("?")
    answers = [await get(each) for each in (bare, f"{bare}?token={forged}", f"{bare}?token=x")]
    assert [answer.status_code for answer in answers] == [400, 400, 400]


async def test_a_token_opens_only_its_own_object(bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    await bucket.upload(f"{path}.other", JPEG, AS_JPEG)
    url = str((await bucket.create_signed_url(path, 60))["signedURL"])
    answer = await get(url.replace(path, f"{path}.other"))
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidSignature")


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/%2e%2e/escaped.jpg", "a/%2e%2e/%2e%2e/escaped.jpg", "%2fetc/passwd", "a//b", "a%00b"],
)
async def test_no_path_leads_out_of_the_bucket(stand_in: StandIn, path: str) -> None:
    with stand_in.http() as http:
        answer = http.post(f"/storage/v1/object/{BUCKET}/{path}", files={"file": ("f", JPEG, "image/jpeg")})
    assert answer.status_code == 400
    assert answer.json()["error"] == "InvalidKey"


async def test_files_lie_in_the_storage_folder_under_bucket_and_path(
    postgres: str, tmp_path: Path, path: str
) -> None:
    with running_stand_in(postgres, tmp_path) as stand_in:
        async with stand_in.client() as client:
            await client.storage.from_(BUCKET).upload(path, JPEG, AS_JPEG)
        assert (tmp_path / "storage" / BUCKET / path).read_bytes() == JPEG


async def test_a_folder_lists_its_files_and_folders_by_name(bucket: AsyncBucketProxy) -> None:
    folder = f"uploads/{uuid4()}"
    for name in ("b.jpg", "a.jpg", "deeper/c.jpg"):
        await bucket.upload(f"{folder}/{name}", JPEG, AS_JPEG)
    listed = await bucket.list(folder)
    assert [entry["name"] for entry in listed] == ["a.jpg", "b.jpg", "deeper"]
    assert listed[0]["metadata"]["mimetype"] == "image/jpeg"
    assert listed[2]["id"] is None


async def test_removing_returns_what_was_there_and_is_gone(bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    removed = await bucket.remove([path, f"{path}.missing"])
    assert [entry["name"] for entry in removed] == [path]
    with pytest.raises(StorageApiError):
        await bucket.download(path)


async def test_anon_may_neither_write_nor_see_what_is_there(
    stand_in: StandIn, bucket: AsyncBucketProxy, path: str
) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    async with stand_in.client(stand_in.anon_key) as anon:
        private = anon.storage.from_(BUCKET)
        with pytest.raises(StorageApiError) as unwritable:
            await private.upload(path, b"mine", OVERWRITING)
        with pytest.raises(StorageApiError) as unsigned:
            await private.create_signed_url(path, 60)
        assert await private.list() == []
        assert await private.remove([path]) == []
    assert (unwritable.value.status, unsigned.value.status) == ("403", "404")
    assert await bucket.download(path) == JPEG


async def test_an_unknown_key_is_refused_in_storage_s_own_words(stand_in: StandIn, path: str) -> None:
    async with stand_in.client("sb_secret_unknown") as stranger:
        with pytest.raises(StorageApiError) as refused:
            await stranger.storage.from_(BUCKET).download(path)
    assert (refused.value.status, refused.value.code) == ("403", "Unauthorized")


async def test_a_life_of_no_seconds_cannot_be_signed(bucket: AsyncBucketProxy, path: str) -> None:
    await bucket.upload(path, JPEG, AS_JPEG)
    with pytest.raises(StorageApiError) as refused:
        await bucket.create_signed_url(path, 0)
    assert refused.value.status == "400"
