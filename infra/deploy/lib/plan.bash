#!/usr/bin/env bash
# What a deployment would do; to be sourced.

# in_a_dry_run COMMAND…: runs it on copies of what deployments keep, which then go.
# shellcheck disable=SC2030,SC2034 # what changes here is for the command alone, which reads it
in_a_dry_run() (
  DRY_RUN=yes
  copies=$(mktemp --directory)
  if [[ ! -d $IMAGES || ! -d $RELEASES ]]; then
    refuse "$REFUSED" "nothing was ever deployed in $WEARON_HOME" "first-deploy prepares it"
  fi
  # shellcheck disable=SC2064 # it is known now
  trap "rm -rf '$copies'" EXIT
  mkdir "$copies/releases"
  cp --recursive "$IMAGES" "$copies/images"
  find "$RELEASES" -mindepth 1 -maxdepth 1 -type d -exec ln --symbolic --target-directory "$copies/releases" {} +
  RELEASES=$copies/releases IMAGES=$copies/images CHANGED_FILES=$copies/changed-files
  "$@"
)

# show_plan VERSION
# shellcheck disable=SC2031 # the copy is meant, where there is one
show_plan() {
  local service
  read_release "$1"
  changed_files "$1" >>"$CHANGED_FILES"
  say "plan for $1, from $(live_release | grep . || echo "an empty server"):"
  for service in $(rest); do
    say "  $(printf '%-18s' "$service") $(in_words "$(what_becomes_of "$service")")"
  done
  for service in "${OWN_SERVICES[@]}"; do
    say "  $(printf '%-18s' "$service") $(plan_of_roll "$service")"
  done
}

in_words() {
  case $1 in
    start) echo "started" ;;
    recreate) echo "made again: its image, settings or options differ" ;;
    reread) echo "reads its files again" ;;
    leave) echo "untouched" ;;
  esac
}

plan_of_roll() {
  local wanted=${REPLICAS[$1]} fingerprint=${FINGERPRINTS[$1]} fresh_now stale_now
  fresh_now=$(fresh "$1" "$fingerprint" | wc -l)
  stale_now=$(stale "$1" "$fingerprint" | wc -l)
  if ((stale_now == 0 && fresh_now == wanted)); then
    echo "untouched ($wanted)"
  elif ((stale_now == 0)); then
    echo "from $fresh_now to $wanted"
  else
    echo "$stale_now replaced one by one, $wanted in the end"
  fi
}
