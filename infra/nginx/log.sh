#!/bin/sh
# log LEVEL EVENT [NAME=VALUE…]: one JSON line, as the services write theirs.

log() {
    line="{\"time\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"level\":\"$1\",\"service\":\"nginx\",\"event\":\"$2\""
    shift 2
    for field in "$@"; do
        value=$(printf '%s' "${field#*=}" | tr '"\\\n\t' "'/  ")
        line="$line,\"${field%%=*}\":\"$value\""
    done
    printf '%s}\n' "$line"
}
