#!/bin/sh
# Turns the environment into files that the configuration includes. A bad value stops the container and is named.
set -eu

# shellcheck source-path=SCRIPTDIR source=log.sh
. /edge/log.sh

SETTINGS=/run/edge/settings
NAME='[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*'
ADDRESS='[0-9a-fA-F]*[.:][0-9a-fA-F.:]*(/[0-9]{1,3})?'

main() {
    read_settings
    mkdir -p "$SETTINGS"
    write_server
    write_limits
    write_lists
}

read_settings() {
    DOMAIN=$(checked DOMAIN "${DOMAIN:-}" "$NAME" "names such as api.example.com, in lower case")
    [ -n "$DOMAIN" ] || refuse DOMAIN "" "at least one name"
    CORS_ORIGINS=$(checked CORS_ORIGINS "${CORS_ORIGINS:-}" "https?://$NAME(:[0-9]+)?" "origins such as https://shop.example.com")
    TRUSTED_PROXIES=$(checked TRUSTED_PROXIES "${TRUSTED_PROXIES:-}" "$ADDRESS" "addresses or networks such as 10.0.0.0/8")
    RATE_LIMIT_EXEMPT=$(checked RATE_LIMIT_EXEMPT "${RATE_LIMIT_EXEMPT:-}" "$ADDRESS" "addresses or networks such as 10.0.0.0/8")
    RATE_LIMIT_PER_SECOND=$(number RATE_LIMIT_PER_SECOND "${RATE_LIMIT_PER_SECOND:-20}" 1)
    RATE_LIMIT_BURST=$(number RATE_LIMIT_BURST "${RATE_LIMIT_BURST:-40}" 1)
    RATE_LIMIT_CONNECTIONS=$(number RATE_LIMIT_CONNECTIONS "${RATE_LIMIT_CONNECTIONS:-40}" 1)
    UPLOADS_AT_ONCE=$(number UPLOADS_AT_ONCE "${UPLOADS_AT_ONCE:-16}" 1)
    HSTS_SECONDS=$(number HSTS_SECONDS "${HSTS_SECONDS:-31536000}" 0)
}

# number SETTING VALUE LEAST
number() {
    if ! printf '%s' "$2" | grep -Exq '[0-9]{1,9}' || [ "$2" -lt "$3" ]; then
        refuse "$1" "$2" "a whole number, at least $3"
    fi
    printf '%s' "$2"
}

# checked SETTING VALUE PATTERN EXPECTED: prints the value, words separated by one space, when each fits.
checked() {
    words=$(printf '%s' "$2" | tr -s ' \t\n' '   ' | sed 's/^ //; s/ $//')
    if [ -n "$words" ] && printf '%s' "$words" | tr ' ' '\n' | grep -Evxq "$3"; then
        refuse "$1" "$2" "$4"
    fi
    printf '%s' "$words"
}

refuse() {
    log error setting_invalid setting="$1" value="$2" expected="$3" >&2
    exit 64
}

write_server() {
    echo "user $(worker_user);" >"$SETTINGS/user.conf"
    echo "server_name $DOMAIN;" >"$SETTINGS/names.conf"
    echo "\"on\" \"max-age=$HSTS_SECONDS\";" >"$SETTINGS/hsts.conf"
    write_listeners
}

# `http2 on` came with 1.25.1, which calls the older form on `listen` deprecated. IPv6 is listened to where the
# container has it: through Docker's proxy all its clients would have one address, and share one limit.
write_listeners() {
    tls="ssl" http2="http2 on;"
    if is_older_than_1_25_1; then tls="ssl http2" http2=""; fi
    echo "$http2" >"$SETTINGS/http2.conf"
    for address in "" $(test -e /proc/net/if_inet6 && echo "[::]:"); do
        echo "listen ${address}80 default_server;" >&3
        echo "listen ${address}443 $tls default_server;" >&3
        echo "listen ${address}80;" >&4
        echo "listen ${address}443 ssl;" >&5
    done 3>"$SETTINGS/listen-default.conf" 4>"$SETTINGS/listen-http.conf" 5>"$SETTINGS/listen-https.conf"
}

is_older_than_1_25_1() {
    nginx -v 2>&1 | sed 's/.*nginx.//' | awk -F. '{ exit !($1 * 1000000 + $2 * 1000 + $3 < 1025001) }'
}

worker_user() {
    id -un nginx 2>/dev/null || echo www-data # as Debian's package calls it
}

write_limits() {
    echo "limit_req_zone \$limited_client zone=requests:10m rate=${RATE_LIMIT_PER_SECOND}r/s;" >"$SETTINGS/request-rate.conf"
    {
        echo "limit_req zone=requests burst=$RATE_LIMIT_BURST nodelay;"
        echo "limit_conn connections $RATE_LIMIT_CONNECTIONS;"
    } >"$SETTINGS/client-limits.conf"
    {
        echo "limit_conn connections $RATE_LIMIT_CONNECTIONS;"
        echo "limit_conn uploads $UPLOADS_AT_ONCE;"
    } >"$SETTINGS/upload-limits.conf"
}

write_lists() {
    for origin in $CORS_ORIGINS; do echo "\"$origin\" \"$origin\";"; done >"$SETTINGS/origins.conf"
    for address in $RATE_LIMIT_EXEMPT; do echo "$address 0;"; done >"$SETTINGS/exempt.conf"
    {
        for address in $TRUSTED_PROXIES; do echo "set_real_ip_from $address;"; done
        [ -z "$TRUSTED_PROXIES" ] || printf 'real_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n'
    } >"$SETTINGS/trusted-proxies.conf"
}

main
