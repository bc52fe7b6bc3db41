"""What the services are compared with: simpler designs, and the bare cost of Redis."""
