"""Whether the machine, Redis and Nginx bear it."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import QUARTER, graph, numbers
from scripts.dashboards.limits import at_least, at_most
from scripts.dashboards.query import Query

_DISKS = '{fstype!~"tmpfs|ramfs|overlay|squashfs"}'

SERVER = Dashboard(
    uid="wearon-server",
    title="6 Server",
    question="Do the machine, Redis and Nginx bear it?",
    panels=[
        numbers(
            "Who does not answer",
            "Targets that Prometheus does not reach. Normal: 0. Their names: Alerting, or up == 0 in "
            "Explore.",
            Query("count(up == 0) or vector(0)", "targets"),
            limits=at_most(1),
            width=QUARTER,
        ),
        numbers(
            "The site, from outside",
            "1: a visitor's request is answered over HTTPS.",
            Query('min(probe_success{job="site"})', "answers"),
            limits=at_least(1),
            width=QUARTER,
        ),
        numbers(
            "The certificate ends in",
            "Normal: more than 30 days; it is renewed then.",
            Query('min(probe_ssl_earliest_cert_expiry{job="site"}) - time()', "certificate"),
            unit="dtdurations",
            limits=at_least(21 * 86400, doubtful=3 * 86400),
            width=QUARTER,
        ),
        numbers(
            "Redis can write",
            "1: its log and its snapshots reach the disk. 0: a restart would lose tasks.",
            Query("min(redis_aof_last_write_status)", "log"),
            Query("min(redis_rdb_last_bgsave_status)", "snapshot"),
            limits=at_least(1),
            width=QUARTER,
        ),
        graph(
            "Processors",
            "Busy share of all. Normal: below 70 %. Near 100 % for minutes everything waits.",
            Query(
                '1 - avg by (instance) (rate(node_cpu_seconds_total{mode=~"idle|iowait"}[$__rate_interval]))',
                "busy",
            ),
            unit="percentunit",
            limits=at_most(0.9),
            most=1,
        ),
        graph(
            "Memory of the server",
            "Share that is taken. Normal: below 80 %. Near 100 % the kernel kills programs.",
            Query("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "taken"),
            unit="percentunit",
            limits=at_most(0.92),
            most=1,
        ),
        graph(
            "Memory of our programs",
            "The largest process of each. Growing for days without traffic growing: a leak.",
            Query("max by (job) (process_resident_memory_bytes)", "{{job}}"),
            unit="bytes",
        ),
        graph(
            "Disks",
            "Share that is taken. Normal: below 70 %; without a disk Redis takes no tasks.",
            Query(
                "max by (mountpoint) ("
                f"1 - node_filesystem_avail_bytes{_DISKS} / node_filesystem_size_bytes{_DISKS})",
                "{{mountpoint}}",
            ),
            unit="percentunit",
            limits=at_most(0.95, doubtful=0.8),
            most=1,
        ),
        graph(
            "Memory of Redis",
            "What it uses, and its limit where it has one: at the limit it refuses new tasks.",
            Query("redis_memory_used_bytes", "used"),
            Query("redis_memory_max_bytes", "limit"),
            unit="bytes",
        ),
        graph(
            "Nginx",
            "Requests a second, and connections that are open.",
            Query("sum(rate(nginx_http_requests_total[$__rate_interval]))", "requests a second"),
            Query("sum(nginx_connections_active)", "connections"),
        ),
    ],
)
