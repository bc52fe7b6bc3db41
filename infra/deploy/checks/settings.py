# ruff: noqa: INP001 - a script that goes to a container by its standard input
"""Reads a service's settings as the service will: without one it ends with status 2 and a line that names it.

Usage, in a container of the service: `python - SERVICE < settings.py`
"""

import sys
from importlib import import_module

from wearon_common.settings import load_settings

service = sys.argv[1]
load_settings(getattr(import_module(f"wearon_{service}.settings"), f"{service.capitalize()}Settings"))
