#!/usr/bin/env bash
# Our images in GitHub's registry (REGISTRY names another), which knows lower case alone; to be sourced.

# image_of SERVICE COMMIT: its name. A tag is a commit, and never moves.
image_of() {
  echo "${REGISTRY:-ghcr.io}/${GITHUB_REPOSITORY,,}/$1:$2"
}

# digested IMAGE: the same by digest; status 1 when the registry has no such image.
digested() {
  local digest
  digest=$(docker buildx imagetools inspect "$1" --format '{{json .Manifest}}' | jq --raw-output .digest) || return
  echo "${1%:*}@$digest"
}
