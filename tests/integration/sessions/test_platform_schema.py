"""The local copy of the platform's own schema, and that our migrations apply on top of it."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from clean_slate import empty_database
from integration.sessions import postgres_15

from wearon_devkit.checkout import MIGRATIONS
from wearon_devkit.database import MIGRATOR, apply_schema
from wearon_devkit.sql_files import apply_sql

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module", params=[17, 15])
def schema_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == 17:
        yield request.getfixturevalue("postgres")
        return
    if reason := postgres_15.why_not():
        pytest.skip(reason)
    with postgres_15.running_postgres_15() as url:
        apply_schema(url)
        yield url


@pytest.fixture
def database(schema_url: str) -> Iterator[Connection]:
    empty_database(schema_url)
    with psycopg.connect(schema_url, autocommit=True) as connection:
        connection.execute("set role service_role")
        yield connection


@pytest.fixture
def user(database: Connection) -> UUID:
    user = uuid4()
    database.execute("insert into user_credits (user_id, balance) values (%s, 3)", [user])
    return user


@pytest.fixture
def store(database: Connection) -> UUID:
    store = uuid4()
    database.execute("insert into store_credits (store_id, balance) values (%s, 3)", [store])
    shopper = "insert into store_shopper_credits (store_id, shopper_email, balance) values (%s, %s, 3)"
    database.execute(shopper, [store, "ann@example.com"])
    return store


def balance(database: Connection, table: str) -> object:
    return one(database, f"select balance from {table}")


def one(database: Connection, query: str, *values: object) -> object:
    row = database.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]


def test_our_migrations_apply_twice_as_a_role_that_is_no_superuser(schema_url: str) -> None:
    names = [path.name for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert apply_sql(schema_url, MIGRATIONS, role=MIGRATOR) == names
    with psycopg.connect(schema_url) as connection:
        assert one(connection, "select rolsuper from pg_roles where rolname = %s", MIGRATOR) is False


def test_the_platform_schema_applies_to_a_second_database_of_the_cluster(schema_url: str) -> None:
    with psycopg.connect(schema_url, autocommit=True) as connection:
        connection.execute("create database second")
        try:
            apply_schema(psycopg.conninfo.make_conninfo(schema_url, dbname="second"))
        finally:
            connection.execute("drop database second")


def test_a_users_credit_is_deducted_until_there_is_none_left(database: Connection, user: UUID) -> None:
    assert one(database, "select deduct_credits(%s, 2, 'Try-on')", user) is True
    assert one(database, "select deduct_credits(%s, 2, 'Try-on')", user) is False
    assert database.execute("select balance, total_spent from user_credits").fetchall() == [(1, 2)]
    ledger = database.execute("select user_id, amount, type, description from credit_transactions").fetchall()
    assert ledger == [(user, -2, "generation", "Try-on")]


def test_a_users_refund_pays_as_often_as_it_is_called(database: Connection, user: UUID) -> None:
    for _ in range(2):
        database.execute("select refund_credits(%s, 1)", [user])
    assert balance(database, "user_credits") == 5
    assert database.execute("select amount, type from credit_transactions").fetchall() == [(1, "refund")] * 2


def test_a_stores_credit_is_deducted_until_there_is_none_left(database: Connection, store: UUID) -> None:
    assert one(database, "select deduct_store_credits(%s, 3, 'req_1')", store) is True
    assert one(database, "select deduct_store_credits(%s, 1, 'req_2')", store) is False
    assert balance(database, "store_credits") == 0
    ledger = database.execute("select amount, type, request_id from store_credit_transactions").fetchall()
    assert ledger == [(-3, "deduction", "req_1")]


def test_a_stores_second_refund_for_a_request_is_refused_and_pays_nothing(
    database: Connection, store: UUID
) -> None:
    database.execute("select refund_store_credits(%s, 1, 'req_1')", [store])
    with pytest.raises(psycopg.errors.UniqueViolation) as refusal:
        database.execute("select refund_store_credits(%s, 1, 'req_1')", [store])
    assert refusal.value.diag.constraint_name == "unique_credit_transaction_request"
    assert balance(database, "store_credits") == 4


def test_a_stores_refund_without_a_request_pays_as_often_as_it_is_called(
    database: Connection, store: UUID
) -> None:
    for _ in range(2):
        database.execute("select refund_store_credits(%s, 1, null)", [store])
    assert balance(database, "store_credits") == 5


def test_a_shoppers_credit_goes_and_comes_back_and_the_store_pays_nothing(
    database: Connection, store: UUID
) -> None:
    who = [store, "ann@example.com"]
    description = "B2B shopper generation (shopper=ann@example.com)"
    deduct = "select deduct_store_shopper_credits(%s, %s, 1, 'req_1', %s)"
    assert one(database, deduct, *who, description) is True
    assert balance(database, "store_shopper_credits") == 2
    refund = "select refund_store_shopper_credits(%s, %s, 1, 'req_1', 'Refund')"
    database.execute(refund.encode(), who)
    assert balance(database, "store_shopper_credits") == 3
    assert balance(database, "store_credits") == 3
    ledger = database.execute("select amount, type from store_credit_transactions order by amount").fetchall()
    assert ledger == [(-1, "deduction"), (1, "refund")]


def test_a_shoppers_second_refund_for_a_request_is_refused_and_pays_nothing(
    database: Connection, store: UUID
) -> None:
    refund = "select refund_store_shopper_credits(%s, 'ann@example.com', 1, 'req_1', 'Refund')"
    database.execute(refund.encode(), [store])
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.execute(refund.encode(), [store])
    assert balance(database, "store_shopper_credits") == 4


def test_a_shopper_without_credits_cannot_be_refunded(database: Connection, store: UUID) -> None:
    with pytest.raises(psycopg.errors.RaiseException) as refusal:
        database.execute(
            "select refund_store_shopper_credits(%s, 'bob@example.com', 1, 'req_1', 'Refund')", [store]
        )
    assert refusal.value.sqlstate == "P0001"
    assert one(database, "select count(*) from store_credit_transactions") == 0


@pytest.mark.parametrize("table", ["user_credits", "store_credits", "store_shopper_credits"])
def test_no_balance_goes_below_zero(database: Connection, user: UUID, store: UUID, table: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        database.execute(f"update {table} set balance = -1".encode())


@pytest.mark.parametrize(
    ("table", "allowed"),
    [
        ("generation_sessions", {"queued", "pending", "processing", "completed", "failed"}),
        ("store_generation_sessions", {"queued", "processing", "completed", "failed"}),
    ],
)
def test_a_session_has_one_of_the_known_states(database: Connection, table: str, allowed: set[str]) -> None:
    insert = f"insert into {table} (status, model_image_url, prompt_system) values (%s, '', '')"
    accepted = set()
    for status in ("queued", "pending", "processing", "completed", "failed", "done"):
        try:
            database.execute(insert.encode(), [status])
        except psycopg.errors.CheckViolation:
            continue
        accepted.add(status)
    assert accepted == allowed


def test_a_signed_in_user_sees_and_edits_their_own_sessions_alone(database: Connection) -> None:
    ann, bob = uuid4(), uuid4()
    for user in (ann, bob):
        database.execute(
            "insert into generation_sessions (user_id, status, model_image_url, prompt_system)"
            " values (%s, 'queued', '', '')",
            [user],
        )
    database.execute("set role authenticated")
    database.execute("select set_config('request.jwt.claims', %s, false)", [f'{{"sub": "{ann}"}}'])
    assert database.execute("select user_id from generation_sessions").fetchall() == [(ann,)]
    assert database.execute("update generation_sessions set status = 'failed'").rowcount == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute("update generation_sessions set user_id = %s", [bob])


def test_a_signed_in_user_cannot_pay_themselves(database: Connection, user: UUID) -> None:
    database.execute("set role authenticated")
    database.execute("select set_config('request.jwt.claims', %s, false)", [f'{{"sub": "{user}"}}'])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute("select refund_credits(%s, 100)", [user])
    assert balance(database, "user_credits") == 3


def test_a_stranger_sees_nothing(database: Connection, user: UUID, store: UUID) -> None:
    tables = database.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    database.execute("set role anon")
    assert {one(database, f"select count(*) from public.{table}") for (table,) in tables} == {0}


def test_realtime_publishes_both_session_tables(database: Connection) -> None:
    query = (
        "select tablename from pg_publication_tables where pubname = 'supabase_realtime' order by tablename"
    )
    assert database.execute(query).fetchall() == [("generation_sessions",), ("store_generation_sessions",)]


def test_what_a_migration_creates_in_public_is_open_to_strangers_until_it_is_revoked(
    database: Connection,
) -> None:
    database.execute("reset role")
    with database.transaction(force_rollback=True):
        database.execute("set local role postgres")
        database.execute("create function public.probe() returns int language sql as 'select 1'")
        database.execute("revoke execute on function public.probe from public")
        assert one(database, "select has_function_privilege('anon', 'public.probe()', 'execute')") is True


def test_every_existing_credit_function_runs_with_its_callers_rights(database: Connection) -> None:
    names = [
        "refund_credits",
        "refund_store_credits",
        "refund_store_shopper_credits",
        "deduct_credits",
        "deduct_store_credits",
        "deduct_store_shopper_credits",
    ]
    query = "select count(*) from pg_proc where proname = any(%s) and not prosecdef"
    assert one(database, query, names) == len(names)
