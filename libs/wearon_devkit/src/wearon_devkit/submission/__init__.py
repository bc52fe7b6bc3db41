"""Try-ons that a person asks a local run for."""
