"""Whether shoppers get a size, and how soon."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import THIRD, bars, graph, stacked
from scripts.dashboards.limits import at_most
from scripts.dashboards.query import Query, per_minute, share_of_time
from scripts.dashboards.to_logs import to_logs

_ESTIMATES = '{handler=~"/estimate-body.*"}'

SIZING = Dashboard(
    uid="wearon-sizing",
    title="4 Sizing",
    question="Do shoppers get a size, how soon, and if not, why?",
    panels=[
        stacked(
            "Answers by status",
            "Requests a minute. Normal: 200, and 400 or 422 where the picture is of no use. 503: too much "
            "to do; 500: our fault.",
            Query(per_minute("http_requests_total", "status", _ESTIMATES), "{{status}}"),
            unit="reqpm",
            links=[to_logs("sizing", text="${__field.labels.status}")],
        ),
        graph(
            "Until the size is there",
            "Normal: 19 of 20 within 1 s. 3 s are promised; the app gives up after 5 s.",
            Query(share_of_time(0.95, "http_request_duration_seconds", match=_ESTIMATES), "19 of 20"),
            Query(share_of_time(0.5, "http_request_duration_seconds", match=_ESTIMATES), "half"),
            unit="s",
            limits=at_most(3),
        ),
        graph(
            "Which stage takes the time",
            "19 of 20 are through a stage within this. download: the picture's server; wait: for a "
            "landmarker; infer: the pose.",
            Query(share_of_time(0.95, "wearon_sizing_stage_seconds", "stage"), "{{stage}}"),
            unit="s",
        ),
        stacked(
            "Refusals by reason",
            "Requests a minute that were answered with 400 or 422. Normal: pictures without a whole person. "
            "Much of unreachable or http_status: the storage of the pictures. detection_failed: ours.",
            Query(per_minute("wearon_sizing_refusals_total", "reason") + " > 0", "{{reason}}"),
            unit="reqpm",
            links=[to_logs("sizing", text="${__field.labels.reason}")],
        ),
        graph(
            "Landmarkers",
            "Those that exist, are busy, and pictures that wait for one. Waiting for minutes: more replicas "
            "of sizing.",
            Query("sum(wearon_sizing_landmarkers)", "there"),
            Query("sum(wearon_sizing_landmarkers_busy)", "busy"),
            Query("sum(wearon_sizing_landmarkers_waiting)", "pictures waiting"),
            width=THIRD,
        ),
        graph(
            "Pictures in hand",
            "Pictures in memory, and the most before requests are turned away.",
            Query("sum(wearon_sizing_pictures)", "in hand"),
            Query("sum(wearon_sizing_pictures_limit)", "limit"),
            width=THIRD,
        ),
        stacked(
            "Turned away",
            "Requests a minute that were answered with 503 at once, because there was too much to do. "
            "Normal: none.",
            Query(per_minute("wearon_sizing_shed_total", "where"), "{{where}}"),
            unit="reqpm",
            width=THIRD,
        ),
        bars(
            "Sizes recommended",
            "How often in this time. Normal: a hill around M and L; all in one size: look at the pictures.",
            Query(
                "sum by (size) (increase(wearon_sizing_sizes_total[$__range])) > 0", "{{size}}", instant=True
            ),
        ),
        graph(
            "How sure the sizes are",
            "Probability that a size is right: of the one in the middle, and of the worst tenth. Below 80 % "
            "clients show a range.",
            Query(share_of_time(0.5, "wearon_sizing_confidence_ratio"), "half are at least"),
            Query(share_of_time(0.1, "wearon_sizing_confidence_ratio"), "all but a tenth are at least"),
            unit="percentunit",
            most=1,
        ),
    ],
)
