#!/usr/bin/env bash
# The services that are not rolled: made again only where their options changed, told to read again where only
# their files did; to be sourced.

# Makes Nginx's configuration from the mounted files, the site included where there is a certificate, and tests it.
readonly NGINX_TEST='
  sh /edge/render-settings.sh
  mkdir -p /run/edge/enabled
  if [ -e /etc/letsencrypt/live/wearon/fullchain.pem ]; then ln -sf /edge/https.conf /run/edge/enabled/https.conf; fi
  nginx -t -q -e stderr -c /edge/nginx.conf'

# rest: all services but ours.
rest() {
  services | grep --invert-match --line-regexp --fixed-strings "$(printf '%s\n' "${OWN_SERVICES[@]}")"
}

# start_missing VERSION: what ours may need must be there before them.
start_missing() {
  local service missing=() began_s=$SECONDS
  for service in $(rest); do
    if [[ -z $(containers_of "$service") ]]; then
      missing+=("$service")
    fi
  done
  if ((${#missing[@]} > 0)); then
    compose_up "$1" --no-recreate "${missing[@]}"
    for service in "${missing[@]}"; do
      report "$service" started "$((SECONDS - began_s))"
    done
  fi
}

# update_rest VERSION: compose makes again what differs, in the order in which they need each other, and leaves the
# rest; ours, which have been rolled, among it.
update_rest() {
  local version=$1 began_s=$SECONDS service
  local -A fates=()
  for service in $(rest); do
    fates[$service]=$(what_becomes_of "$service")
    if [[ ${fates[$service]} == recreate ]]; then
      warn_before_recreating "$service"
    fi
  done
  compose_up "$version"
  for service in "${!fates[@]}"; do
    finish_update "$service" "${fates[$service]}" "$((SECONDS - began_s))"
  done
  forget_changed_files
}

finish_update() {
  case $2 in
    recreate) report "$1" "made again: its image, settings or options changed" "$3" ;;
    reread)
      read_files_again "$1"
      report "$1" "has read its new files" 0
      ;;
  esac
}

# what_becomes_of SERVICE: start, recreate, reread or leave.
what_becomes_of() {
  local container
  container=$(containers_of "$1" | head --lines 1)
  if [[ -z $container ]]; then
    echo start
  elif [[ $(label_of "$container" config-hash) != "${FINGERPRINTS[$1]}" ]] ||
    is_standing_still "$container"; then
    echo recreate
  elif mounts_changed_files "$container"; then
    echo reread
  else
    echo leave
  fi
}

warn_before_recreating() {
  case $1 in
    redis) warn "redis is made again: its data stays; the services wait for it and go on" ;;
    nginx) warn "nginx is made again: connections are refused for about a second" ;;
  esac
}

# These read their files again on a signal; the others must start again, as all do for their start's own scripts.
read_files_again() {
  local container how=$1
  container=$(containers_of "$1")
  if grep --quiet "^infra/.*$1/.*\.sh$" "$CHANGED_FILES"; then
    how=start
  fi
  case $how in
    nginx) docker container exec "$container" /bin/sh -euc "$NGINX_TEST
      nginx -e stderr -c /edge/nginx.conf -s reload" ;;
    prometheus | alloy) docker container kill --signal HUP "$container" >/dev/null ;;
    *) docker container restart "$container" >/dev/null ;;
  esac
}

# remove_orphans VERSION: containers of services that the release does not have, or no longer switches on.
remove_orphans() {
  local container service
  for container in $(project_containers); do
    service=$(label_of "$container" service)
    if [[ ! -v FINGERPRINTS[$service] ]]; then
      let_finish "$container"
      report "$service" "is no part of $1 and has gone" 0
    fi
  done
}
