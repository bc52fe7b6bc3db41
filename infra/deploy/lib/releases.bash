#!/usr/bin/env bash
# The releases on this server: how they come, which one runs, which ones are kept; to be sourced.

readonly RELEASES_KEPT=${RELEASES_KEPT:-5}

check_version() {
  if [[ ! $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]]; then
    refuse "$WRONG_USAGE" "'$1' is no version: letters, digits, dots, hyphens and underscores"
  fi
}

# unpack VERSION ARCHIVE: makes it a release. A release never changes: other content wants another version.
unpack() {
  local version=$1 archive=$2 fresh=$RELEASES/.$1.unpacking
  rm -rf "$fresh"
  mkdir "$fresh"
  if ! tar --extract --gzip --no-same-owner --file "$archive" --directory "$fresh"; then
    refuse "$REFUSED" "$archive cannot be unpacked" "copy it again"
  fi
  if [[ ! -e $RELEASES/$version ]]; then
    mv --no-target-directory "$fresh" "$RELEASES/$version"
  elif diff --recursive --brief "$fresh" "$RELEASES/$version" >/dev/null; then
    rm -rf "$fresh"
  else
    rm -rf "$fresh"
    refuse "$REFUSED" "release $version is here with other content" "give the new one a version of its own"
  fi
}

check_release() {
  if [[ ! -e $RELEASES/$1/$COMPOSE_FILE_NAME ]]; then
    refuse "$REFUSED" "there is no release $1 here" "give its archive: deploy $1 --archive wearon-$1.tar.gz"
  fi
}

# live_release: the last one that ran well; nothing before the first.
live_release() {
  if [[ -s $HISTORY ]]; then tail --lines 1 "$HISTORY"; fi
}

require_live_release() {
  if [[ -z $(live_release) ]]; then
    refuse "$REFUSED" "no release runs here yet" "first-deploy"
  fi
}

# release_before_live: the one that ran well before that.
release_before_live() {
  if [[ -s $HISTORY ]]; then tail --lines 2 "$HISTORY" | head --lines -1; fi
}

# remember_way_onwards VERSION: it runs well, with the settings of now.
remember_way_onwards() {
  if [[ $(live_release) != "$1" ]]; then
    echo "$1" >>"$HISTORY"
  fi
  remember_settings
}

# remember_way_back VERSION: the same, and what came after it is no longer a release that ran well.
remember_way_back() {
  while [[ -s $HISTORY && $(live_release) != "$1" ]]; do
    sed --in-place '$d' "$HISTORY"
  done
  remember_settings
}

remember_settings() {
  (umask 077 && cp "$SETTINGS" "$LIVE_SETTINGS")
  rm -f "$UNDER_WAY"
}

# remove_old_releases: all but the last few that ran well.
remove_old_releases() {
  local folder version
  trim_history
  for folder in "$RELEASES"/*/; do
    version=$(basename "$folder")
    if ! grep --quiet --fixed-strings --line-regexp -- "$version" "$HISTORY"; then
      rm -rf "${RELEASES:?}/$version" "$IMAGES/$version.env"
      say "removed the old release $version"
    fi
  done
}

trim_history() {
  tail --lines "$RELEASES_KEPT" "$HISTORY" >"$HISTORY.new"
  mv "$HISTORY.new" "$HISTORY"
}
