#!/usr/bin/env bash
# Where everything lies on the server; to be sourced.
# shellcheck disable=SC2034 # the files that source this one read them

export WEARON_HOME=${WEARON_HOME:-/opt/wearon}
readonly PROJECT=${WEARON_PROJECT:-wearon}

# What a person keeps: the settings, and what this server does otherwise than others.
readonly OWN_SETTINGS=$WEARON_HOME/.env
readonly OVERRIDE=$WEARON_HOME/override.yml

# What deployments keep: each release as it came, its images by digest, and the files that containers mount.
RELEASES=$WEARON_HOME/releases
IMAGES=$WEARON_HOME/images
readonly CURRENT=$WEARON_HOME/current
readonly LOG_FILE=$WEARON_HOME/log/deploy.log

# What they remember: the releases that ran well, the last one last; the one under way; the settings that ran well;
# the mounted files that nobody has read yet.
readonly HISTORY=$WEARON_HOME/state/history
readonly UNDER_WAY=$WEARON_HOME/state/under-way
readonly LIVE_SETTINGS=$WEARON_HOME/state/live.env
CHANGED_FILES=$WEARON_HOME/state/changed-files
readonly LOCK=$WEARON_HOME/state/lock

# The settings that compose reads; a return to the last good state takes those of then.
SETTINGS=$OWN_SETTINGS

make_folders() {
  mkdir -p "$RELEASES" "$IMAGES" "$CURRENT" "$WEARON_HOME"/{log,state}
  chmod 700 "$WEARON_HOME/state"
}
