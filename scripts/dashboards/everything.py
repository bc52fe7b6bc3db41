"""All dashboards, in the order in which one looks at them."""

from scripts.dashboards.generation import GENERATION
from scripts.dashboards.logs import LOGS
from scripts.dashboards.overview import OVERVIEW
from scripts.dashboards.provider import PROVIDER
from scripts.dashboards.queues import QUEUES
from scripts.dashboards.server import SERVER
from scripts.dashboards.sizing import SIZING

DASHBOARDS = (OVERVIEW, GENERATION, PROVIDER, SIZING, QUEUES, SERVER, LOGS)
