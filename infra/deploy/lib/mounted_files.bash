#!/usr/bin/env bash
# The files that containers mount. They stay where they are and change in place, so that a container sees new ones
# without being made again; to be sourced.

# install_files VERSION: makes CURRENT what the release brings, and remembers what changed until it has been read.
install_files() {
  local version=$1 changed
  changed=$(changed_files "$version")
  if [[ -z $changed ]]; then
    return
  fi
  echo "$changed" >>"$CHANGED_FILES"
  # In place: a mounted file that were replaced would stay the old one inside.
  cp --recursive --no-target-directory "$RELEASES/$version" "$CURRENT"
  remove_files_not_in "$version"
}

# changed_files VERSION: paths that differ from what is in CURRENT, or are only on one side.
changed_files() {
  {
    files_in "$RELEASES/$1"
    files_in "$CURRENT"
  } | sort --unique | while IFS= read -r path; do
    cmp --silent "$RELEASES/$1/$path" "$CURRENT/$path" || echo "$path"
  done
}

remove_files_not_in() {
  local path
  while IFS= read -r path; do
    rm "$CURRENT/$path"
  done < <(comm -13 <(files_in "$RELEASES/$1") <(files_in "$CURRENT"))
}

files_in() {
  (cd "$1" && find . -type f -printf '%P\n' | sort)
}

# mounts_changed_files CONTAINER: whether it has one mounted that changed since it read it.
mounts_changed_files() {
  local source path
  [[ -s $CHANGED_FILES ]] || return 1
  if (($(started_at "$1") > $(stat --format %Y "$CHANGED_FILES"))); then
    return 1
  fi
  while IFS= read -r source; do
    while IFS= read -r path; do
      if [[ $CURRENT/$path == "$source" || $CURRENT/$path == "$source"/* ]]; then
        return
      fi
    done <"$CHANGED_FILES"
  done < <(docker container inspect --format '{{range .Mounts}}{{println .Source}}{{end}}' "$1" | grep .)
  return 1
}

# started_at CONTAINER: seconds since 1970, as files have.
started_at() {
  date --date "$(docker container inspect --format '{{.State.StartedAt}}' "$1")" +%s
}

forget_changed_files() {
  rm -f "$CHANGED_FILES"
}
