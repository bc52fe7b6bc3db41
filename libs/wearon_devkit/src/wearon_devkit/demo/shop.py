"""The app's side of the demo: uploads pictures and asks for try-ons."""

from typing import Any

import psycopg
from redis import Redis

from wearon_common.channel import Channel
from wearon_devkit.demo.scenario import MALFORMED_ENTRY, Scenario
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.producer import Producer, TryOn

_CREDITS = 5


class Shop:
    """One app server, with a user and a store that have credits."""

    def __init__(self, environment: Environment, database: psycopg.Connection[Any], redis: Redis) -> None:
        self.pictures = PictureStore(environment)
        self._producer = Producer(database, redis)
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
                [self.pictures.upload(wish.person), self.pictures.upload(wish.garment)],
                wish.prompt,
            )
            for wish in scenario.wishes
        ]
        for try_on in try_ons:
            self._producer.submit(try_on)
        self._producer.push(MALFORMED_ENTRY)
        return try_ons
