"""Who may call the session functions."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture
def database(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def _own_functions(database: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return database.execute(
        """
        select p.oid::regprocedure::text, n.nspname
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'wearon' or (n.nspname = 'public' and p.proname like '%%generation%%')
        """
    ).fetchall()


def _may_execute(database: psycopg.Connection[Any], role: str, signature: str) -> tuple[Any, ...] | None:
    return database.execute("select has_function_privilege(%s, %s, 'execute')", [role, signature]).fetchone()


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_nobody_but_the_service_may_execute_our_functions(
    database: psycopg.Connection[Any], role: str
) -> None:
    functions = _own_functions(database)
    assert len(functions) > 10
    for signature, _schema in functions:
        row = database.execute(
            "select has_function_privilege(%s, %s, 'execute')", [role, signature]
        ).fetchone()
        assert row == (False,), signature
    database.execute(f"set role {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute("select * from public.stuck_generations(0, null, 1)")


def test_the_service_may_execute_the_public_ones(database: psycopg.Connection[Any]) -> None:
    public = [signature for signature, schema in _own_functions(database) if schema == "public"]
    assert len(public) == 7
    for signature in public:
        assert _may_execute(database, "service_role", signature) == (True,)
