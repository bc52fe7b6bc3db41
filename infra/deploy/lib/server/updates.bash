#!/usr/bin/env bash
# Security updates of the distribution come by themselves; to be sourced. Docker's are not among them: they restart
# the containers, so a person chooses the hour.

readonly UPDATE_SWITCH=/etc/apt/apt.conf.d/20auto-upgrades

install_security_updates() {
  step "security updates every day" has_security_updates switch_on_security_updates
}

has_security_updates() {
  [[ -e $UPDATE_SWITCH ]] && command -v unattended-upgrade >/dev/null
}

switch_on_security_updates() {
  install_packages unattended-upgrades
  cat >"$UPDATE_SWITCH" <<'APT'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT
}
