#!/bin/sh
# Healthy: Nginx answers, and the watch over the certificate has looked within the last minute.
set -eu

curl --fail --silent --show-error --max-time 2 --output /dev/null http://127.0.0.1:8080/healthy
[ -n "$(find /run/edge/watching -mmin -1)" ]
