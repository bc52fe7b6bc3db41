#!/usr/bin/env bash
# One deployment at a time; to be sourced.

# take_lock WHAT: held until this process and all that it started have ended.
take_lock() {
  local descriptor
  exec {descriptor}>>"$LOCK"
  if ! flock --nonblock "$descriptor"; then
    refuse "$LOCKED" "another one is at work: $(<"$LOCK")" "wait until it has ended; $LOG_FILE shows how far it is"
  fi
  printf '%s, by %s, process %s, since %(%F %T)T\n' "$1" "${SUDO_USER:-$(id --user --name)}" "$$" -1 >"$LOCK"
}
