"""What waits, where, and who is there to work on it."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import THIRD, graph, limited, numbers, stacked
from scripts.dashboards.limits import at_least, at_most
from scripts.dashboards.query import Query, per_minute
from scripts.dashboards.to_logs import to_logs

_BATCH = at_most(1200)  # a store's batch of thousands takes a quarter of an hour

QUEUES = Dashboard(
    uid="wearon-queues",
    title="5 Queues and workers",
    question="What waits, where, for how long, and who is there to work on it?",
    panels=[
        numbers(
            "Age of the next one",
            "In the order of a task's way: tasks (the app's list), processing (a consumer's), waiting_… (in "
            "fair order), celery_… (in line for a generator), unacked (in a generator's hands, up to 420 "
            "s). Normal: below a second, but for unacked. The first one that is red is where they stand.",
            Query("max by (queue) (wearon_queue_oldest_seconds)", "{{queue}}"),
            unit="s",
            limits=at_most(60, doubtful=10),
            overrides=[
                *(limited(queue, _BATCH) for queue in ("waiting_b2b", "celery_b2b")),
                limited("unacked", at_most(480)),
            ],
            width=THIRD * 2,
        ),
        numbers(
            "Who follows which queue",
            "Workers of each of Celery's queues. Normal: every generator on both.",
            Query('celery_active_worker_count{queue_name=~"generation[.].+"}', "{{queue_name}}"),
            limits=at_least(1),
            width=THIRD,
        ),
        graph(
            "How many wait",
            "Entries of each queue. Normal: near 0, and unacked as many as are in hand.",
            Query("max by (queue) (wearon_queue_entries)", "{{queue}}"),
        ),
        graph(
            "How long the next one has waited",
            "As above, over time. Steps that only grow: nobody takes from this queue.",
            Query('max by (queue) (wearon_queue_oldest_seconds{queue!="unacked"})', "{{queue}}"),
            unit="s",
            limits=at_most(60),
        ),
        graph(
            "In and out",
            "Tasks a minute that consumers put in line, and deliveries that generators are done with. "
            "Normal: the same.",
            Query(per_minute("wearon_tasks_dispatched_total"), "put in line"),
            Query(per_minute("wearon_tasks_total"), "done with"),
            unit="opm",
        ),
        graph(
            "How busy each generator is",
            "Share of WORKER_CONCURRENCY that is in hand. Normal: alike for all. All at 100 %: more "
            "generators.",
            Query(
                "sum by (instance) (wearon_tasks_in_progress) / sum by (instance) "
                "(wearon_worker_concurrency)",
                "{{instance}}",
            ),
            unit="percentunit",
            most=1,
        ),
        numbers(
            "The sweeper",
            "It ends what got lost. Exactly one consumer sweeps, every 30 s; stuck: held by nobody for too "
            "long.",
            Query("sum(wearon_sweeper_leader)", "sweepers"),
            Query("max(wearon_sessions_stuck)", "stuck"),
            Query("max(wearon_consumers_alive)", "consumers alive"),
            Query("max(wearon_dead_letters_kept)", "dead letters"),
            overrides=[
                limited("sweepers", at_least(1)),
                limited("stuck", at_most(10, doubtful=1)),
                limited("consumers alive", at_least(1)),
                limited("dead letters", at_most(100, doubtful=1)),
            ],
            width=THIRD,
            height=8,
        ),
        stacked(
            "What went wrong on the way",
            "In 10 minutes: buried (not understood, or killed consumers), recovered (a consumer died), "
            "swept (lost). Normal: none, but for recovered in a deployment.",
            Query("sum(increase(wearon_dead_letters_total[10m]))", "buried"),
            Query("sum(increase(wearon_entries_recovered_total[10m]))", "recovered"),
            Query("sum(increase(wearon_sessions_swept_total[10m]))", "swept"),
            width=THIRD,
            links=[to_logs("consumer", "warning")],
        ),
        stacked(
            "Consumers' own failures",
            "In 5 minutes: turns of the main loop, and what is done beside it. Normal: none. All of them: "
            "Redis.",
            Query("sum(increase(wearon_consumer_errors_total[5m]))", "main loop"),
            Query("sum by (action) (increase(wearon_periodic_failures_total[5m]))", "{{action}}"),
            width=THIRD,
            links=[to_logs("consumer", "error")],
        ),
    ],
)
