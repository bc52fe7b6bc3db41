"""A local stand-in for Supabase: the calls that supabase-py 2.34 sends, on a real PostgreSQL.

REST and RPC answer as PostgREST 12 does, storage as Supabase Storage does. A path, parameter, header or
syntax that the stand-in does not speak is refused as HTTP 501, never ignored.
"""

from wearon_devkit.supabase_local.app import create_app
from wearon_devkit.supabase_local.config import Config

__all__ = ["Config", "create_app"]
