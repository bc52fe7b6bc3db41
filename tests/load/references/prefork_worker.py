"""The worker that the generator replaces: Celery's prefork pool, where each task has a process to wait in.

It is lean in its favour: no claim, no lease, no refund, no guard on URLs, no shared rate, no log lines.
"""

import time
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
from celery.signals import worker_process_init
from PIL import Image, ImageOps
from pydantic import Field, SecretStr
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

from wearon_common.celery_app import GENERATE, make_celery
from wearon_common.channel import Channel
from wearon_common.settings import BrokerSettings, HttpUrl, StorageSettings, load_settings
from wearon_common.storage import SIGNED_URL_LIFETIME
from wearon_common.task import GenerationTask

CONCURRENCY = 5
_LONGEST_SIDE_PX = 1024
_TIMEOUT_S = 180
_TABLES = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}


class PreforkSettings(BrokerSettings, StorageSettings):
    """What it is told."""

    openai_base_url: HttpUrl = Field(description="Where the API is")
    openai_api_key: SecretStr = Field(description="Key of the OpenAI project that pays")


def main() -> None:
    """Work until SIGTERM."""
    settings = load_settings(PreforkSettings)
    app = make_celery(settings)
    worker = _Worker(settings)
    worker_process_init.connect(worker.connect, weak=False)

    @app.task(name=GENERATE, shared=False)  # type: ignore[untyped-decorator] # Celery's
    def generate(task: dict[str, Any]) -> None:
        worker.run(GenerationTask.read(task))

    app.worker_main(
        ["worker", "--pool=prefork", f"--concurrency={CONCURRENCY}", "--loglevel=WARNING", "--without-mingle"]
    )


class _Worker:
    """One process of the pool; connected after its fork."""

    def __init__(self, settings: PreforkSettings) -> None:
        self._settings = settings

    def connect(self, **_signal: object) -> None:
        settings = self._settings
        self._http = httpx.Client(timeout=_TIMEOUT_S, trust_env=False)
        http = httpx.Client(http2=False, timeout=_TIMEOUT_S, trust_env=False)
        key = settings.supabase_service_role_key.get_secret_value()
        self._supabase = create_client(
            settings.supabase_url, key, options=SyncClientOptions(httpx_client=http)
        )
        self._bucket = self._supabase.storage.from_(settings.supabase_storage_bucket)

    def run(self, task: GenerationTask) -> None:
        """Do one task from its row to its row."""
        began_s = time.monotonic()
        self._update(task, status="processing")
        images = [_shrunk(self._http.get(url).raise_for_status().content) for url in task.image_urls]
        url = self._store(task, self._generate(task, images))
        self._update(
            task,
            status="completed",
            generated_image_url=url,
            processing_time_ms=round((time.monotonic() - began_s) * 1000),
            completed_at=datetime.now(UTC).isoformat(),
        )

    def _generate(self, task: GenerationTask, images: list[bytes]) -> bytes:
        answer = self._http.post(
            f"{self._settings.openai_base_url}/images/edits",
            data={
                "model": "gpt-image-2.6-flare",
                "prompt": task.prompt,
                "size": "1024x1536",
                "quality": "medium",
                "output_format": "jpeg",
                "n": "1",
            },
            files=[
                ("image[]", (f"{number}.jpg", image, "image/jpeg")) for number, image in enumerate(images)
            ],
            headers={
                "Authorization": f"Bearer {self._settings.openai_api_key.get_secret_value()}",
                "X-Client-Request-Id": task.request_id,
            },
        )
        return b64decode(answer.raise_for_status().json()["data"][0]["b64_json"])

    def _store(self, task: GenerationTask, image: bytes) -> str:
        path = task.channel.traits.result_path_for(task.owner_id, task.session_id)
        self._bucket.upload(path, image, {"content-type": "image/jpeg", "upsert": "true"})
        lifetime_s = int(SIGNED_URL_LIFETIME.total_seconds())
        return str(self._bucket.create_signed_url(path, lifetime_s)["signedURL"])

    def _update(self, task: GenerationTask, **columns: object) -> None:
        self._supabase.table(_TABLES[task.channel]).update(columns).eq("id", task.session_id).execute()


def _shrunk(photo: bytes) -> bytes:
    """Decode it whole, turn it upright, resize it: the straightforward way, without needless copies."""
    with Image.open(BytesIO(photo)) as image:
        ImageOps.exif_transpose(image, in_place=True)
        upright = image if image.mode == "RGB" else image.convert("RGB")
        scale = min(1, _LONGEST_SIDE_PX / max(upright.size))
        size = (round(upright.width * scale), round(upright.height * scale))
        jpeg = BytesIO()
        upright.resize(size, Image.Resampling.LANCZOS).save(jpeg, "JPEG", quality=90)
        return jpeg.getvalue()


if __name__ == "__main__":
    main()
