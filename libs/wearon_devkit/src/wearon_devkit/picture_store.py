"""Pictures in the local storage: those that the app uploads, and those that the generator stores."""

from datetime import timedelta

import httpx
from storage3.exceptions import StorageApiError
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

from wearon_devkit.environment import Environment
from wearon_devkit.pictures import Garment, Person

_URL_LIFETIME = timedelta(hours=1)
_JPEG = b"\xff\xd8\xff"


class PictureStore:
    """The bucket, with the service's own key; used from one thread."""

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
        self.put(path, picture, content_type)
        return str(self._bucket.create_signed_url(path, int(_URL_LIFETIME.total_seconds()))["signedURL"])

    def put(self, path: str, picture: bytes, content_type: str = "image/jpeg") -> None:
        """Store a picture at a path of the bucket."""
        self._bucket.upload(path, picture, {"content-type": content_type, "upsert": "true"})

    def has_jpeg(self, path: str) -> bool:
        """Tell whether a JPEG lies at a path of the bucket."""
        try:
            return self._bucket.download(path).startswith(_JPEG)
        except StorageApiError as error:
            if error.code == "not_found":
                return False
            raise
