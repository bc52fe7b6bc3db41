#!/bin/sh
# The certificate that the site uses, and whether there is another one by now.

# shellcheck source-path=SCRIPTDIR source=log.sh
. /edge/log.sh

CERTIFICATE_FOLDER=/etc/letsencrypt/live/wearon
SITE=/run/edge/enabled/https.conf
IN_USE=/run/edge/certificate.sha256
REFUSED=/run/edge/refused.sha256

# Succeeds when the site stands on the certificate as it is now, or did before a bad one came.
enable_site() {
    found=$(certificate_checksum) || return 1
    was_enabled=$(test -e "$SITE" && echo yes || echo no)
    ln -sf /edge/https.conf "$SITE"
    if problem=$(nginx -t -q -e stderr -c /edge/nginx.conf 2>&1); then
        echo "$found" >"$IN_USE"
        return 0
    fi
    [ "$was_enabled" = yes ] || rm "$SITE"
    log_refused_once "$found" "$problem"
    return 1
}

certificate_is_new() {
    found=$(certificate_checksum) && [ "$found" != "$(cat "$IN_USE" 2>/dev/null)" ]
}

certificate_checksum() {
    both=$(cat "$CERTIFICATE_FOLDER/fullchain.pem" "$CERTIFICATE_FOLDER/privkey.pem" 2>/dev/null) || return 1
    printf '%s' "$both" | sha256sum
}

log_refused_once() {
    [ "$1" = "$(cat "$REFUSED" 2>/dev/null)" ] && return
    echo "$1" >"$REFUSED"
    log error certificate_refused problem="$2"
}
