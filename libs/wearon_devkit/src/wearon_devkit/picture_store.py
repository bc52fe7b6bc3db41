"""Pictures in the local storage, as the app uploads them."""

from datetime import timedelta

import httpx
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

from wearon_devkit.environment import Environment
from wearon_devkit.pictures import Garment, Person

_URL_LIFETIME = timedelta(hours=1)


class PictureStore:
    """The app's uploads; used from one thread."""

    def __init__(self, environment: Environment) -> None:
        options = SyncClientOptions(httpx_client=httpx.Client(http2=False, timeout=30, trust_env=False))
        client = create_client(environment.supabase_url, environment.supabase_service_role_key, options)
        self._bucket = client.storage.from_(environment.supabase_storage_bucket)

    def upload(self, picture: Person | Garment) -> str:
        """Store a picture and give its signed URL."""
        return self.upload_bytes(picture.path.name, picture.path.read_bytes(), picture.content_type)

    def upload_bytes(self, name: str, picture: bytes, content_type: str = "image/jpeg") -> str:
        """Store a picture under a name and give its signed URL."""
        path = f"uploads/{name}"
        self._bucket.upload(path, picture, {"content-type": content_type, "upsert": "true"})
        return str(self._bucket.create_signed_url(path, int(_URL_LIFETIME.total_seconds()))["signedURL"])
