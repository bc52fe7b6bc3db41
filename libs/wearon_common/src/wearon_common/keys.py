"""Every Redis key that WearOn owns.

=============================================  ======  ===================================================
key                                            type    holds
=============================================  ======  ===================================================
wearon:tasks:generation                        list    tasks as JSON: pushed left by Next.js, taken right
wearon:tasks:generation:processing:<consumer>  list    entries a consumer has taken, not yet dispatched
wearon:tasks:generation:recovered              hash    digest of an entry → times it outlived its consumer
wearon:tasks:generation:waiting:<channel>      zset    Celery messages in line for Celery's queue → their turn
wearon:tasks:generation:turns:<channel>        zset    owners with a task in line → the last turn they got
wearon:tasks:generation:dead                   list    dead letters as JSON, newest left
wearon:consumers                               set     names of consumers that may own a processing list
wearon:consumers:<consumer>                    string  heartbeat of one consumer, with expiry
wearon:sweeper                                 string  name of the consumer that sweeps, with expiry
wearon:openai:next_slot                        string  Redis time (µs) of the next free provider call
wearon:openai:paused_until                     string  Redis time (µs) before which nobody calls, with expiry
=============================================  ======  ===================================================

Celery's broker keeps its own: the lists `generation.b2c` and `generation.b2b`, `unacked`, `unacked_index` and
`_kombu.binding.*`.
"""

TASKS = "wearon:tasks:generation"
RECOVERED = f"{TASKS}:recovered"
DEAD_LETTERS = f"{TASKS}:dead"
CONSUMERS = "wearon:consumers"
SWEEPER = "wearon:sweeper"
PROVIDER_NEXT_SLOT = "wearon:openai:next_slot"
PROVIDER_PAUSED_UNTIL = "wearon:openai:paused_until"


def processing(consumer: str) -> str:
    """Name the list of entries that `consumer` holds."""
    return f"{TASKS}:processing:{consumer}"


def waiting(channel: str) -> str:
    """Name the tasks of `channel` that are in line for its Celery queue."""
    return f"{TASKS}:waiting:{channel}"


def turns(channel: str) -> str:
    """Name the last turns of the owners who have a task in that line."""
    return f"{TASKS}:turns:{channel}"


def heartbeat(consumer: str) -> str:
    """Name the key that lives as long as `consumer` does."""
    return f"{CONSUMERS}:{consumer}"
