#!/usr/bin/env bash
# Work that ends at once, and cleanly, when somebody stops the script; to be sourced.

# run_interruptibly COMMAND…: runs it in a process group of its own, where the first failing command ends it, and
# leaves its status in OUTCOME. Not to be called in a condition: there bash lets failing commands pass.
# On Ctrl-C, TERM or a hang-up the whole group ends, and `on_interrupt` says what that means.
# shellcheck disable=SC2034 # OUTCOME is for the caller
run_interruptibly() {
  OUTCOME=0
  set -m # a group of its own
  (
    set -euo pipefail
    trap - INT TERM HUP
    "$@"
  ) </dev/null &
  set +m
  local group=$!
  # shellcheck disable=SC2064 # the group is known now
  for signal in INT TERM HUP; do
    trap "end_group $group $signal" "$signal"
  done
  wait "$group" || OUTCOME=$?
  trap - INT TERM HUP
}

end_group() {
  local group=$1 signal=$2
  trap '' INT TERM HUP
  kill -TERM -- "-$group" 2>/dev/null || true # it may have ended by itself
  wait "$group" 2>/dev/null || true # ended by a signal, as it was told
  on_interrupt "$signal"
  exit $((128 + $(kill -l "$signal")))
}
