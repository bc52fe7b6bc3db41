#!/usr/bin/env bash
# Docker Engine with compose and buildx: from Docker's own packages, or the distribution's where those cannot be
# reached; to be sourced.

readonly DOCKER_REPOSITORY=https://download.docker.com/linux
readonly DOCKER_KEY=/etc/apt/keyrings/docker.asc
readonly ENGINE_START_S=60

install_engine() {
  step "Docker with compose $OLDEST_COMPOSE or later, and buildx" has_engine install_engine_packages
  step "a Docker engine that answers" engine_answers start_engine
}

install_engine_packages() {
  local distribution codename
  distribution=$(. /etc/os-release && echo "$ID")
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  install_packages ca-certificates curl
  if add_docker_repository "$distribution" "$codename"; then
    install_packages docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin
  else
    warn "Docker's own packages cannot be reached; taking those of $distribution"
    # shellcheck disable=SC2046 # one word a package
    install_packages $(distribution_packages)
  fi
  if ! has_engine; then
    refuse "$REFUSED" "the packages of $distribution $codename bring no docker compose $OLDEST_COMPOSE" \
      "let this server reach $DOCKER_REPOSITORY, then run this again"
  fi
}

# As https://docs.docker.com/engine/install/debian/ says.
add_docker_repository() {
  local repository=$DOCKER_REPOSITORY/$1
  install_key "$repository/gpg" || return 1
  echo "deb [arch=$(dpkg --print-architecture) signed-by=$DOCKER_KEY] $repository $2 stable" \
    >/etc/apt/sources.list.d/docker.list
}

install_key() {
  install --mode 755 --directory "${DOCKER_KEY%/*}"
  curl --fail --silent --show-error --location --max-time 20 --output "$DOCKER_KEY" "$1"
}

# Where the client is a package of its own, and what compose is called, differs between distributions.
distribution_packages() {
  echo docker.io docker-buildx iptables
  if has_package docker-cli; then echo docker-cli; fi
  if has_package docker-compose-v2; then echo docker-compose-v2; else echo docker-compose; fi
}

has_package() {
  apt-cache show "$1" >/dev/null 2>&1
}

engine_answers() {
  docker info >/dev/null 2>&1
}

start_engine() {
  local began_s=$SECONDS
  start_service docker >/dev/null || warn "the system could not start the service docker"
  until engine_answers; do
    if ((SECONDS - began_s > ENGINE_START_S)); then
      refuse "$REFUSED" "the Docker engine does not answer" "journalctl --unit docker"
    fi
    sleep 1
  done
}
