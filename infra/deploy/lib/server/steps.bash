#!/usr/bin/env bash
# Steps that are taken only where they are needed; to be sourced.

# step WHAT IS_DONE COMMAND…: IS_DONE is a function that succeeds when there is nothing to do.
step() {
  local what=$1 is_done=$2
  shift 2
  if "$is_done"; then
    say "there already: $what"
  elif [[ -n ${DRY_RUN-} ]]; then
    say "would be made: $what"
  else
    say "making: $what"
    "$@"
  fi
}

# install_packages PACKAGE…: what apt prints is shown only when it fails.
install_packages() {
  local output
  if ! output=$(apt_get update 2>&1 && apt_get install --yes --no-install-recommends "$@" 2>&1); then
    refuse "$REFUSED" "apt-get could not install $*: $(grep '^E:' <<<"$output" | head --lines 1)" "mend /etc/apt, then run this again"
  fi
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@"
}

# start_service NAME: now, and whenever the server starts.
start_service() {
  if [[ -d /run/systemd/system ]]; then
    systemctl enable --now "$1"
  else
    service "$1" start
  fi
}
