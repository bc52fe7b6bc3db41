import os
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from wearon_common.settings import ImageFetchSettings, Port, RedisSettings, Seconds

# Of the 25 ms that a picture takes, Python has 4, and does them for one picture at a time in a process.
_MOST_USEFUL_LANDMARKERS = 4


class SizingSettings(RedisSettings, ImageFetchSettings):
    """What the sizing service reads from its environment."""

    host: str = Field("0.0.0.0", description="Address to listen on")  # noqa: S104 - a container's only interface
    port: Port = Field(8000, description="HTTP port")
    pose_model_path: Path = Field(
        Path(".local/models/pose_landmarker_full.task"),
        description="MediaPipe's pose_landmarker_full.task, checked at start",
    )
    pose_landmarkers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, _MOST_USEFUL_LANDMARKERS),
        ge=1,
        le=64,
        description="Pictures measured at once; one per core up to four, then more replicas",
    )
    image_fetch_timeout: Seconds = Field(
        timedelta(seconds=4),
        validation_alias="IMAGE_FETCH_TIMEOUT_SECONDS",
        description="Longest download of a picture; callers give up on the whole answer after 5 s",
    )
    pose_timeout: Seconds = Field(
        timedelta(seconds=3),
        validation_alias="POSE_TIMEOUT_SECONDS",
        description="A pose that takes longer is given up, and the landmarker that got stuck replaced",
    )
    most_requests: int = Field(
        128,
        ge=1,
        description="Estimates under way at once, downloads included; more are refused with 503",
    )
    stop_timeout: Seconds = Field(
        timedelta(seconds=10),
        validation_alias="STOP_TIMEOUT_SECONDS",
        description="How long running requests may take to finish when the service is stopped",
    )
