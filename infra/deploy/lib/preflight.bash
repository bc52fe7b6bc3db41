#!/usr/bin/env bash
# Everything that can be known to go wrong, before anything is changed; to be sourced.

readonly LEAST_FREE_MB=${LEAST_FREE_MB:-3000} # the images of one release, unpacked, and room to work
readonly OLDEST_COMPOSE=2.26

# preflight VERSION: refuses with the reason and what mends it.
preflight() {
  check_compose_file "$1"
  pull_images "$1"
  check_service_settings "$1"
  check_database_functions "$1"
  check_nginx_files "$1"
  say "checked: settings, disk, compose file, images, database functions, Nginx's files"
}

# check_server: what does not depend on the release.
check_server() {
  if ! docker info >/dev/null 2>&1; then
    refuse "$REFUSED" "no Docker engine answers" "sudo systemctl start docker, or run this as a user of the group docker"
  fi
  if ! has_engine; then
    refuse "$REFUSED" "docker compose $OLDEST_COMPOSE or later and docker buildx are needed" "first-deploy installs them"
  fi
  check_settings_file
  check_disk
}

# has_engine: compose and buildx as they are needed.
has_engine() {
  local compose_version
  compose_version=$(docker compose version --short 2>/dev/null) || return 1
  is_version_at_least "${compose_version#v}" "$OLDEST_COMPOSE" && docker buildx version >/dev/null 2>&1
}

is_version_at_least() {
  [[ $(printf '%s\n' "$1" "$2" | sort --version-sort | head --lines 1) == "$2" ]]
}

check_disk() {
  local folder free_mb
  for folder in "$(docker info --format '{{.DockerRootDir}}')" "$WEARON_HOME"; do
    # The engine's folder may be on another machine, or not for us to see.
    free_mb=$(df --block-size=1M --output=avail "$folder" 2>/dev/null | tail --lines 1 | tr -d ' ')
    if ((${free_mb:-LEAST_FREE_MB} < LEAST_FREE_MB)); then
      refuse "$REFUSED" "only $free_mb MB are free at $folder, $LEAST_FREE_MB are needed" \
        "docker image prune, or a larger disk"
    fi
  done
}

# Compose names a required setting that is missing.
check_compose_file() {
  local complaint
  if ! complaint=$(compose "$1" config --quiet 2>&1); then
    refuse "$REFUSED" "the compose file and $SETTINGS do not fit: ${complaint##*$'\n'}" "edit $SETTINGS"
  fi
}

check_service_settings() {
  local service complaint
  for service in "${OWN_SERVICES[@]}"; do
    if ! complaint=$(python_in "$1" "$service" settings.py "$service"); then
      refuse "$REFUSED" "$service would not start: ${complaint##*$'\n'}" "edit $SETTINGS"
    fi
  done
}

check_database_functions() {
  local complaint
  if ! complaint=$(python_in "$1" consumer database_functions.py); then
    refuse "$REFUSED" "the database is not ready: ${complaint##*$'\n'}" \
      "apply infra/supabase/migrations in order of their names, and check SUPABASE_URL and its key"
  fi
}

# python_in VERSION SERVICE CHECK ARGUMENT…: runs a check of the release in a container of its image, where the
# service will run.
python_in() {
  local version=$1 service=$2 check=$3
  shift 3
  compose "$version" run --rm --no-deps --no-TTY --entrypoint python "$service" - "$@" \
    <"$RELEASES/$version/infra/deploy/checks/$check" 2>&1
}

# Nginx's own test, on the files that the release brings.
check_nginx_files() {
  local complaint
  if ! complaint=$(PROJECT_FOLDER=$RELEASES/$1 compose "$1" run --rm --no-deps --no-TTY \
    --entrypoint /bin/sh nginx -euc "$NGINX_TEST" 2>&1); then
    refuse "$REFUSED" "Nginx would not take its files: $(grep --max-count 1 'emerg' <<<"$complaint" || tail --lines 1 <<<"$complaint")" "mend infra/nginx and release it anew"
  fi
}
