"""A chaos run that is over: sessions ended well, others rewrote rows, and more can be planted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from redis import Redis
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.chaos.aftermath import Aftermath, look_back
from wearon_devkit.chaos.arrivals import Arrived
from wearon_devkit.chaos.rewrites import OtherWriters, Rewrite, Steps
from wearon_devkit.chaos.schedule import Arrival
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import PERSONS
from wearon_devkit.producer import Payer, Producer, TryOn
from wearon_devkit.stores import open_stores

CREDITS = 5
SHOPPER = "shopper@example.com"
WORDS_OF_OURS = "Refund: generation failed"
_IMAGE = PERSONS[0].path.read_bytes()


class EndedChaos:
    """Every try-on has an owner of its own. A `kind` is who pays: "b2c", "store" or "shopper"."""

    def __init__(self, environment: Environment, database: psycopg.Connection[Any], redis: Redis) -> None:
        self.environment = environment
        self.database = database
        self.producer = Producer(database, redis)
        self.others = OtherWriters(database, self.producer)
        self.arrived = Arrived()
        self.pictures = PictureStore(environment)

    def try_on(self, kind: str) -> TryOn:
        if kind == "b2c":
            try_on = TryOn(Channel.B2C, self.producer.add_user(CREDITS), ["https://x/1.jpg"])
        else:
            store = self.producer.add_store(CREDITS, SHOPPER, CREDITS)
            try_on = TryOn(Channel.B2B, store, ["https://x/1.jpg"], payer=Payer(kind), shopper_email=SHOPPER)
        self.arrived.try_ons.append(try_on)
        return try_on

    def waiting(self, kind: str = "b2c") -> SessionFunctions:
        try_on = self.try_on(kind)
        self.producer.deduct(try_on)
        self.producer.insert_session(try_on)
        return SessionFunctions(self.database, try_on)

    def claimed(self, kind: str = "b2c") -> SessionFunctions:
        session = self.waiting(kind)
        session.claim()
        return session

    def completed(self, kind: str = "b2c") -> SessionFunctions:
        return self.complete(self.claimed(kind))

    def complete(self, session: SessionFunctions) -> SessionFunctions:
        """Complete a claimed session as a generator does: its image first."""
        owner, this = str(session.try_on.owner_id), str(session.try_on.session_id)
        self.pictures.put(session.try_on.channel.traits.result_path_for(owner, this), _IMAGE)
        assert session.complete(1)
        return session

    def failed(self, kind: str = "b2c") -> SessionFunctions:
        session = self.claimed(kind)
        assert session.fail(1) == "refunded"
        return session

    def begin(self, arrival: Arrival, session: SessionFunctions) -> Steps:
        """Let another writer begin; `finish` lets them end."""
        return self.others.begin(arrival, session.try_on)

    def finish(self, steps: Steps, session: SessionFunctions) -> SessionFunctions:
        self.arrived.rewrites[session.try_on.session_id] = next(step for step in steps if step)
        return session

    def rewrite(self, arrival: Arrival, session: SessionFunctions) -> SessionFunctions:
        return self.finish(self.begin(arrival, session), session)

    def rewrite_of(self, session: SessionFunctions) -> Rewrite:
        return self.arrived.rewrites[session.try_on.session_id]

    def pay_as_we_do(self, session: SessionFunctions) -> None:
        """Refund a user with our words, and write it down nowhere else."""
        self.execute("select public.refund_credits(%s, 1, %s)", session.try_on.owner_id, WORDS_OF_OURS)

    def execute(self, statement: str, *arguments: object) -> None:
        self.database.execute(statement, arguments)

    def look_back(self) -> Aftermath:
        return look_back(self.environment, self.arrived, {})


@contextmanager
def ended_chaos(environment: Environment) -> Iterator[EndedChaos]:
    """Give an aftermath in which every promise was kept, whatever others did."""
    with open_stores(environment) as (database, redis):
        chaos = EndedChaos(environment, database, redis)
        for kind in ("b2c", "store", "shopper"):
            chaos.completed(kind)
            chaos.failed(kind)
            taken_back = chaos.rewrite(Arrival.TAKEN_BACK, chaos.waiting(kind))
            assert taken_back.claim() == (None, "ended")
        yield chaos
