#!/bin/sh
# Takes over a new certificate without a restart: looks every few seconds, tries the configuration, then reloads.
# A certificate that Nginx refuses leaves the one in use; half of a renewal is such a one for a moment.
set -u

# shellcheck source-path=SCRIPTDIR source=certificate.sh
. /edge/certificate.sh

CHECK_EVERY_S=5

while :; do
    touch /run/edge/watching
    sleep "$CHECK_EVERY_S"
    if certificate_is_new && enable_site; then
        kill -HUP "$(cat /run/edge/nginx.pid)" && log info certificate_taken_over
    fi
done
