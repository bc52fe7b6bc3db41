#!/usr/bin/env bash
# What a deployment says, on the screen and in its log file; to be sourced.

# Exit statuses, as `--help` lists them.
# shellcheck disable=SC2034 # all parts read them
readonly REFUSED=1 WRONG_USAGE=2 ROLLED_BACK=3 NOT_ROLLED_BACK=4 LOCKED=5

# A lost connection to the screen must not end a deployment half-way: what cannot be shown is in the log file.
trap '' PIPE

say() {
  printf '%(%T)T  %s\n' -1 "$*" 2>/dev/null || true # the screen may have gone
  keep "$*"
}

warn() {
  printf '%(%T)T  ! %s\n' -1 "$*" >&2 2>/dev/null || true # as above
  keep "! $*"
}

# refuse STATUS PROBLEM FIX: ends the script.
refuse() {
  warn "$2"
  [[ -z ${3-} ]] || warn "  $3"
  exit "$1"
}

# require_file OPTION [FILE...]: refuses an option that comes last.
require_file() {
  if (($# == 1)); then
    refuse "$WRONG_USAGE" "$1 needs a file" "${0##*/} --help"
  fi
}

keep() {
  # A dry run changes nothing, its log included.
  if [[ -z ${DRY_RUN-} && -d ${LOG_FILE%/*} ]]; then
    printf '%(%FT%T%z)T %s[%s] %s\n' -1 "${0##*/}" "$$" "$*" >>"$LOG_FILE"
  fi
}

# keep_output: what a command prints, line by line into the log alone.
keep_output() {
  local line
  while IFS= read -r line; do
    keep "| $line"
  done
}
