#!/usr/bin/env bash
# One service from what runs to what a release wants, without a moment in which nobody works; to be sourced.

# Nginx asks for the addresses of sizing every 2 s.
readonly ROTATION_S=5
readonly PROGRESS_S=10
readonly FAILED_GRACE_S=60

# roll VERSION SERVICE: for each container of the old kind a new one is started beside it; when that works, the
# old one finishes what it has begun and goes. Also what scales: more are started, surplus ones finish and go.
# An interrupted one is continued: containers of the wanted kind stay.
roll() {
  local version=$1 service=$2 began_s=$SECONDS started=0 stopped=0 container
  local wanted=${REPLICAS[$2]} fingerprint=${FINGERPRINTS[$2]}
  remove_broken "$service" "$fingerprint"
  while (($(fresh "$service" "$fingerprint" | wc -l) < wanted)); do
    start_one_more "$version" "$service"
    started=$((started + 1))
    container=$(stale "$service" "$fingerprint" | head --lines 1)
    if [[ -n $container ]]; then
      let_finish "$container"
      stopped=$((stopped + 1))
    fi
  done
  for container in $(stale "$service" "$fingerprint") $(surplus "$service" "$fingerprint" "$wanted"); do
    let_finish "$container"
    stopped=$((stopped + 1))
  done
  report_roll "$service" "$started" "$stopped" "$((SECONDS - began_s))"
}

fresh() {
  local container
  for container in $(containers_of "$1"); do
    [[ $(label_of "$container" config-hash) != "$2" ]] || echo "$container"
  done
}

stale() {
  local container
  for container in $(containers_of "$1"); do
    [[ $(label_of "$container" config-hash) == "$2" ]] || echo "$container"
  done
}

# surplus SERVICE FINGERPRINT WANTED: the youngest beyond what is wanted.
surplus() {
  fresh "$1" "$2" | tail --lines "+$(($3 + 1))"
}

# Those that stand still, and new ones that do not work; an old one that is merely ill goes in its turn.
remove_broken() {
  local container
  for container in $(containers_of "$1"); do
    if is_standing_still "$container" ||
      { [[ $(label_of "$container" config-hash) == "$2" ]] && ! wait_until_healthy "$container"; }; then
      say "$1: $(name_of "$container") does not work and goes"
      docker container rm --force "$container" >/dev/null
    fi
  done
}

is_standing_still() {
  [[ $(docker container inspect --format '{{.State.Status}}' "$1") =~ ^(created|exited|dead|restarting|paused)$ ]]
}

start_one_more() {
  local version=$1 service=$2 before container began_s=$SECONDS
  before=$(containers_of "$service")
  compose_up "$version" --no-recreate --scale "$service=$(($(wc -w <<<"$before") + 1))" "$service"
  container=$(comm -13 <(sort <<<"$before") <(containers_of "$service" | sort))
  check_fingerprint "$container" "${FINGERPRINTS[$service]}"
  if ! wait_until_healthy "$container"; then
    remove_failed "$container"
    return 1
  fi
  say "$service: $(name_of "$container") is healthy after $((SECONDS - began_s)) s"
}

# Without this, a compose that counts otherwise than it says would be rolled for ever.
check_fingerprint() {
  if [[ $(label_of "$1" config-hash) != "$2" ]]; then
    warn "$(name_of "$1") has not the fingerprint that compose foretold"
    return 1
  fi
}

# It may have taken on work before it failed.
remove_failed() {
  docker container stop --time "$FAILED_GRACE_S" "$1" >/dev/null
  docker container rm "$1" >/dev/null
}

# compose_up VERSION ARGUMENT…: with its complaints in the log. Never with --no-deps: compose's fingerprint of a
# service would leave out what it depends on, and so differ from the one that it foretells.
compose_up() {
  local version=$1 output
  shift
  if ! output=$(compose "$version" up --detach --pull never --quiet-pull "$@" 2>&1); then
    keep_output <<<"$output"
    warn "compose up failed: ${output##*$'\n'}"
    return 1
  fi
}

# let_finish CONTAINER: stops it in its own time, and says while it takes.
let_finish() {
  local container=$1 name began_s=$SECONDS stopping
  name=$(name_of "$container")
  wait_for_rotation "$container"
  docker container stop "$container" >/dev/null &
  stopping=$!
  while kill -0 "$stopping" 2>/dev/null; do
    sleep 1
    if (((SECONDS - began_s) % PROGRESS_S == 0)); then
      say "$name finishes what it has begun: $((SECONDS - began_s)) s"
    fi
  done
  wait "$stopping"
  say "$name has stopped after $((SECONDS - began_s)) s, $(ending_of "$container")"
  docker container rm "$container" >/dev/null
}

# Its successor must be known to Nginx before it goes.
wait_for_rotation() {
  if [[ $(label_of "$1" service) == sizing ]]; then
    sleep "$ROTATION_S"
  fi
}

ending_of() {
  local status
  status=$(docker container inspect --format '{{.State.ExitCode}}' "$1")
  case $status in
    0) echo "its work done" ;;
    137) echo "killed at the end of its grace; what it held is taken up by others" ;;
    *) echo "with status $status" ;;
  esac
}

report_roll() {
  if (($2 + $3 == 0)); then
    report "$1" "unchanged" "$4"
  else
    report "$1" "$2 started, $3 finished and gone" "$4"
  fi
}
