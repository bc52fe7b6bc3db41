"""How long each alarm takes: the real services, a real Prometheus, the rules of production."""
