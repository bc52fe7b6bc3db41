"""Where things are in the checkout that the devkit is part of."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
CONTRACTS = CHECKOUT / "contracts"
ALERT_RULES = CHECKOUT / "infra" / "monitoring" / "prometheus" / "rules"
MIGRATIONS = CHECKOUT / "infra" / "supabase" / "migrations"
POSE_MODEL = CHECKOUT / ".local" / "models" / "pose_landmarker_full.task"
PLATFORM_SCHEMA = Path(__file__).parent / "platform_schema"
