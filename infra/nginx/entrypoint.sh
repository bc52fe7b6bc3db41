#!/bin/sh
# Starts the edge: settings become configuration, the site is enabled if it has a certificate, and Nginx runs as
# process 1 with the watch over the certificate beside it. POSIX shell: the image has no other.
set -eu

# shellcheck source-path=SCRIPTDIR source=log.sh
. /edge/log.sh
# shellcheck source-path=SCRIPTDIR source=certificate.sh
. /edge/certificate.sh

main() {
    /bin/sh /edge/render-settings.sh
    mkdir -p /run/edge/enabled
    nginx -t -q -e stderr -c /edge/nginx.conf
    enable_site || log warning starting_without_tls certificate="$CERTIFICATE_FOLDER"
    /bin/sh /edge/watch-certificate.sh &
    exec nginx -e stderr -c /edge/nginx.conf
}

main
