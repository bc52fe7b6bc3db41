#!/usr/bin/env bash
# All parts of a deployment; to be sourced with DEPLOY_FOLDER set.
umask 022
export LC_ALL=C
for part in paths log lock settings compose health interrupts images releases mounted_files report roll rest preflight \
  plan change; do
  # shellcheck source=/dev/null
  source "$DEPLOY_FOLDER/lib/$part.bash"
done
