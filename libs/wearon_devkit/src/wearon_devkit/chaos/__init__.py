"""What kills and disturbs the services on purpose; it is put around them, nothing of it is in them."""
