#!/usr/bin/env bash
# Whether containers work, and whether the whole does; to be sourced.

readonly HEALTH_TIMEOUT_S=${HEALTH_TIMEOUT_S:-120}
readonly CERTIFICATE_TIMEOUT_S=180
readonly MOST_RESTARTS=2 # one may be a start before Redis
readonly LOG_TAIL_LINES=10

# health_of CONTAINER: healthy, starting or broken; one that has gone is broken.
health_of() {
  local status health restarts
  read -r status health restarts < <(docker container inspect --format \
    '{{.State.Status}} {{with .State.Health}}{{.Status}}{{else}}none{{end}} {{.RestartCount}}' "$1") || true # nothing to read: it has gone
  case $status/$health in
    running/healthy | running/none) echo healthy ;;
    running/starting | created/* | restarting/*)
      if ((restarts > MOST_RESTARTS)); then echo broken; else echo starting; fi
      ;;
    *) echo broken ;;
  esac
}

# wait_until_healthy CONTAINER: 1, and its last words, when it is broken or takes too long.
wait_until_healthy() {
  local container=$1 began_s=$SECONDS health
  while health=$(health_of "$container") && [[ $health == starting ]]; do
    if ((SECONDS - began_s >= HEALTH_TIMEOUT_S)); then
      break
    fi
    sleep 1
  done
  if [[ $health != healthy ]]; then
    show_failure "$container" "$health" "$((SECONDS - began_s))"
    return 1
  fi
}

show_failure() {
  local line
  warn "$(name_of "$1" || echo "a container that has gone") is $2 after $3 s; its last lines:"
  while IFS= read -r line; do
    warn "| ${line:0:200}"
  done < <(docker container logs --tail "$LOG_TAIL_LINES" "$1" 2>&1)
}

wait_until_all_are_healthy() {
  local service container
  for service in $(services); do
    for container in $(containers_of "$service"); do
      wait_until_healthy "$container" || may_be_ill "$service"
    done
  done
}

# WhatsApp's bridge is ill until somebody links a telephone to it, and no request depends on it.
may_be_ill() {
  [[ $1 == whatsapp ]]
}

# wait_for_certificate: a new server gets its own after it has started. That it does not come is nothing that an
# older release would mend.
wait_for_certificate() {
  local nginx began_s=$SECONDS
  nginx=$(containers_of nginx)
  until docker container exec "$nginx" test -e /run/edge/enabled/https.conf; do
    if [[ -z $(setting ACME_EMAIL) ]] || ((SECONDS - began_s > CERTIFICATE_TIMEOUT_S)); then
      return 1
    fi
    sleep 5
  done
}

# ask_health: what a client sees, through Nginx and TLS. On this server's own address, so that neither DNS nor the
# first certificate must be there yet.
ask_health() {
  local domain port answer attempt
  domain=$(setting DOMAIN)
  domain=${domain%% *}
  port=$(setting HTTPS_PORT 443)
  port=${port##*:} # an address may stand before it
  if ! wait_for_certificate; then
    warn "there is no certificate yet, so https://$domain was not asked; compose logs certbot says why"
    return
  fi
  for attempt in 1 2 3 4 5; do
    if answer=$(curl --silent --show-error --insecure --max-time 5 --resolve "$domain:$port:127.0.0.1" \
      "https://$domain:$port/health" 2>&1) && [[ $answer == *'"status":"ok"'* ]]; then
      return
    fi
    sleep "$attempt"
  done
  warn "https://$domain:$port/health did not answer that all is well: ${answer:0:300}"
  return 1
}
