"""Finished images in Supabase storage."""

from datetime import timedelta

from supabase import AsyncClient

from wearon_common.supabase_errors import translate_supabase_errors

SIGNED_URL_LIFETIME = timedelta(hours=6)  # the platform's rule: nobody re-signs


class ResultStorage:
    """One private bucket. Raises as `Sessions` does."""

    def __init__(self, client: AsyncClient, bucket: str) -> None:
        self._bucket = client.storage.from_(bucket)

    async def upload(self, path: str, jpeg: bytes) -> None:
        """Store a finished image; a second attempt may overwrite the first one's."""
        with translate_supabase_errors("upload"):
            await self._bucket.upload(path, jpeg, {"content-type": "image/jpeg", "upsert": "true"})

    async def sign(self, path: str) -> str:
        """Give the full URL that shows the image for `SIGNED_URL_LIFETIME`."""
        with translate_supabase_errors("sign"):
            signed = await self._bucket.create_signed_url(path, int(SIGNED_URL_LIFETIME.total_seconds()))
        return str(signed["signedURL"])
