"""Empty what a session-long server holds, so that each test begins with nothing."""

import psycopg
import redis
from processes import wait_for
from psycopg import sql

_ALL_TABLES = """
    select schemaname, tablename from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
"""
_NOBODY_ELSE_AT_WORK = """
    select not exists (
        select from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend'
          and state = 'active' and pid <> pg_backend_pid()
    )
"""
_PATIENCE_S = 10


def empty_database(database_url: str) -> None:
    """Delete every row of every table; the schema stays. What a test asked for may outlive it: let it end."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        wait_for(lambda: connection.execute(_NOBODY_ELSE_AT_WORK).fetchone() == (True,), _PATIENCE_S)
        tables = [sql.Identifier(*row) for row in connection.execute(_ALL_TABLES)]
        connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(tables)))


def empty_redis(redis_url: str) -> None:
    """Delete every key."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
