"""A local stand-in for OpenAI's image edits: same requests, same answers, faults on demand."""

from wearon_devkit.openai_local.app import create_app
from wearon_devkit.openai_local.config import LOCAL_API_KEY, StubConfig
from wearon_devkit.openai_local.faults import Fault, FaultKind
from wearon_devkit.openai_local.latency import LatencyRange
from wearon_devkit.openai_local.script import Match, Rule
from wearon_devkit.openai_local.server import make_server

__all__ = [
    "LOCAL_API_KEY",
    "Fault",
    "FaultKind",
    "LatencyRange",
    "Match",
    "Rule",
    "StubConfig",
    "create_app",
    "make_server",
]
