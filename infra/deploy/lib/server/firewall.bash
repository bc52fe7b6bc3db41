#!/usr/bin/env bash
# Nothing but SSH and the web comes in; to be sourced. Docker publishes its ports past this firewall: that only
# 80 and 443 are open is the compose file's doing, what else listens on this server is kept in by this one.

set_up_firewall() {
  step "the firewall ufw" has_ufw install_packages ufw
  step "a firewall that lets in SSH ($(ssh_ports | paste --serial --delimiters ' ')), 80 and 443 alone" \
    firewall_stands raise_firewall
}

has_ufw() {
  command -v ufw >/dev/null
}

firewall_stands() {
  local rules port
  rules=$(ufw status 2>/dev/null) || return 1
  [[ $rules == "Status: active"* ]] || return 1
  for port in $(open_ports); do
    grep --quiet "^$port " <<<"$rules" || return 1
  done
}

raise_firewall() {
  local port
  for port in $(open_ports); do
    ufw allow "$port" >/dev/null
  done
  ufw default deny incoming >/dev/null
  ufw default allow outgoing >/dev/null
  ufw --force enable >/dev/null
}

open_ports() {
  ssh_ports | sed 's|$|/tcp|'
  printf '%s\n' 80/tcp 443/tcp
}

# Where sshd really listens, and where we came in: whoever sets this up must not lock themselves out.
ssh_ports() {
  local ports came_in=${SSH_CONNECTION-}
  ports=$(sshd_command -T 2>/dev/null | awk '$1 == "port" { print $2 }' || true) # no sshd: then the usual port
  # shellcheck disable=SC2086 # one word a port
  printf '%s\n' ${ports:-22} "${came_in##* }" | grep . | sort --numeric-sort --unique
}

sshd_command() {
  PATH=$PATH:/usr/sbin:/sbin sshd "$@"
}
