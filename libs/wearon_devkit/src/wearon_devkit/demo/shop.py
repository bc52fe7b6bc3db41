"""The app's side of the demo: uploads pictures and asks for try-ons."""

from datetime import timedelta
from typing import Any

import httpx
import psycopg
from redis import Redis
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from wearon_common.channel import Channel
from wearon_devkit.demo.scenario import BLOCKED_PROMPT, MALFORMED_ENTRY, Scenario
from wearon_devkit.environment import Environment
from wearon_devkit.pictures import Garment, Person
from wearon_devkit.producer import Producer, TryOn

_URL_LIFETIME = timedelta(hours=1)
_CREDITS = 5


class Shop:
    """One app server, with a user and a store that have credits."""

    def __init__(self, environment: Environment, database: psycopg.Connection[Any], redis: Redis) -> None:
        self._environment = environment
        self._producer = Producer(database, redis)
        options = SyncClientOptions(httpx_client=httpx.Client(http2=False))
        self._storage: Client = create_client(
            environment.supabase_url, environment.supabase_service_role_key, options
        )
        self._owners = {
            Channel.B2C: self._producer.add_user(_CREDITS),
            Channel.B2B: self._producer.add_store(_CREDITS),
        }

    def order(self, scenario: Scenario) -> list[TryOn]:
        """Ask for every try-on of the scenario, and push the malformed entry."""
        try_ons = [
            TryOn(
                wish.channel,
                self._owners[wish.channel],
                [self.upload(wish.person), self.upload(wish.garment)],
                wish.prompt,
            )
            for wish in scenario.wishes
        ]
        for try_on in try_ons:
            self._producer.submit(try_on)
        self._producer.push(MALFORMED_ENTRY)
        return try_ons

    def upload(self, picture: Person | Garment) -> str:
        """Store a picture and give its signed URL."""
        bucket = self._storage.storage.from_(self._environment.supabase_storage_bucket)
        path = f"uploads/{picture.path.name}"
        bucket.upload(path, picture.path, {"content-type": picture.content_type, "upsert": "true"})
        return str(bucket.create_signed_url(path, int(_URL_LIFETIME.total_seconds()))["signedURL"])

    def block_by_moderation(self) -> None:
        """Have the OpenAI stub refuse the one prompt that asks for it."""
        rule = {
            "match": {"prompt_contains": BLOCKED_PROMPT},
            "times": None,
            "fault": {"kind": "moderation_blocked", "latency_s": 0.5},
        }
        root = self._environment.openai_base_url.removesuffix("/v1")
        httpx.post(f"{root}/__script", json=[rule]).raise_for_status()
