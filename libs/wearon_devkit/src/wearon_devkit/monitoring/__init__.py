"""A Prometheus with the rules of production, for a run of the local platform."""
