#!/usr/bin/env bash
# The server's settings file; to be sourced.

# setting NAME [DEFAULT]: its value in the file, without quotes.
setting() {
  local value
  value=$(awk -v name="$1" 'index($0, name "=") == 1 { value = substr($0, length(name) + 2) } END { print value }' \
    "$SETTINGS")
  value=${value%"${value##*[![:space:]]}"}
  if [[ $value == \"*\" || $value == \'*\' ]]; then
    value=${value:1:-1}
  fi
  echo "${value:-${2-}}"
}

# They hold keys: nobody else may read them.
check_settings_file() {
  local mode
  if [[ ! -e $SETTINGS ]]; then
    refuse "$REFUSED" "there are no settings in $SETTINGS" "first-deploy makes them"
  fi
  mode=$(stat --format %a "$SETTINGS")
  if [[ $mode != 600 ]]; then
    refuse "$REFUSED" "$SETTINGS has mode $mode, it holds keys" "chmod 600 $SETTINGS"
  fi
  if [[ $(setting DOMAIN) == *[[:space:]]* && -z $(setting GRAFANA_DOMAIN) ]]; then
    refuse "$REFUSED" "DOMAIN has several names, and none is said to be Grafana's" "set GRAFANA_DOMAIN in $SETTINGS"
  fi
}
