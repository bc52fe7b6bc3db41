# The exporters of the production stack, from Debian: for where their own images cannot be pulled.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      prometheus-blackbox-exporter prometheus-nginx-exporter prometheus-node-exporter prometheus-redis-exporter \
 && rm -rf /var/lib/apt/lists/*
