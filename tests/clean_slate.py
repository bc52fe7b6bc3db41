"""Empty what a session-long server holds, so that each test begins with nothing."""

import psycopg
import redis
from psycopg import sql

ALL_TABLES = """
    select schemaname, tablename from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
"""


def empty_database(database_url: str) -> None:
    """Delete every row of every table; the schema stays."""
    with psycopg.connect(database_url) as connection:
        tables = [sql.Identifier(*row) for row in connection.execute(ALL_TABLES)]
        connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(tables)))


def empty_redis(redis_url: str) -> None:
    """Delete every key."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
