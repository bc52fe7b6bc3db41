#!/bin/sh
# Starts Prometheus. Its configuration knows no variables, so the addresses of the site's probes come from here.
set -eu

sites=/run/prometheus/site.yml
: "${DOMAIN:?is the name that the server is reached by}"

for name in $DOMAIN; do
	printf -- '- targets: ["https://%s/health"]\n' "$name"
done >"$sites"

exec prometheus "$@"
