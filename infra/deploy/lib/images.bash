#!/usr/bin/env bash
# Our images by digest: what was tested is what runs, whatever happens to a tag; to be sourced.

readonly OWN_SERVICES=(sizing generator consumer)
readonly DIGESTED_LINE='^(CONSUMER|GENERATOR|SIZING)_IMAGE=[^@[:space:]]+@sha256:[0-9a-f]{64}$'

# resolve_images VERSION: settles once which digests the release means. They come with the release, or else its
# tags are looked up in the registry.
resolve_images() {
  local version=$1 file=$IMAGES/$1.env
  if [[ ! -e $file ]]; then
    images_of "$version" >"$file.new"
    check_digests "$file.new"
    mv "$file.new" "$file"
  fi
}

images_of() {
  if [[ -e $RELEASES/$1/images.env ]]; then
    cat "$RELEASES/$1/images.env"
  else
    digests_of_tags "$1"
  fi
}

digests_of_tags() {
  local repository service digest
  repository=$(setting IMAGE_REPOSITORY)
  if [[ -z $repository ]]; then
    refuse "$REFUSED" "IMAGE_REPOSITORY is not set, and the release brings no images.env" \
      "set it in $SETTINGS, e.g. ghcr.io/<owner>/<repository>"
  fi
  for service in "${OWN_SERVICES[@]}"; do
    digest=$(digest_of "$repository/$service:$1")
    echo "${service^^}_IMAGE=$repository/$service@$digest"
  done
}

# The registry's own answer; nothing is pulled for it.
digest_of() {
  local answer
  if ! answer=$(docker buildx imagetools inspect "$1" 2>&1); then
    refuse "$REFUSED" "cannot find $1: ${answer##*$'\n'}" "is it pushed, and this server logged in (docker login)?"
  fi
  awk '$1 == "Digest:" { print $2; exit }' <<<"$answer"
}

check_digests() {
  if [[ $(grep --count --extended-regexp "$DIGESTED_LINE" "$1") != "${#OWN_SERVICES[@]}" ]]; then
    refuse "$REFUSED" "$1 does not name ${#OWN_SERVICES[@]} images by digest" "mend what the release brings"
  fi
}

# pull_images VERSION: those that are not here yet, ours and the others.
pull_images() {
  local output
  if ! output=$(compose "$1" pull --policy missing --quiet 2>&1); then
    refuse "$REFUSED" "cannot pull the images of $1: ${output##*$'\n'}" "nothing was changed; try again"
  fi
}

# remove_old_images: ours alone, and only those that no kept release names.
remove_old_images() {
  local image
  for image in $(our_images); do
    if ! kept_images | grep --quiet --fixed-strings --line-regexp -- "$image"; then
      docker image rm "$image" >/dev/null 2>&1 && say "removed the old image ${image##*/}"
    fi
  done
}

kept_images() {
  sed --quiet 's/^[A-Z]*_IMAGE=//p' "$IMAGES"/*.env
}

# our_images: repository@digest of all that is here from the repositories that releases name.
our_images() {
  docker image ls --digests --format '{{.Repository}}@{{.Digest}}' |
    grep --fixed-strings "$(kept_images | sed 's/sha256:.*$/sha256:/' | sort --unique)" || true # there may be none
}
