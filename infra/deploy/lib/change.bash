#!/usr/bin/env bash
# From what runs to a release, and back by itself when that fails; to be sourced.

# change_to VERSION DIRECTION: onwards or back. Ends the script when a step fails, with what became of it.
change_to() {
  local version=$1 live began_s=$SECONDS
  live=$(live_release)
  echo "$version $2" >"$UNDER_WAY"
  new_report
  run_interruptibly apply "$version"
  if ((OUTCOME == 0)); then
    "remember_way_$2" "$version"
    say "$version runs, after $((SECONDS - began_s)) s:"
    show_report
    tidy_up
  else
    return_to "${live:-nothing}" "$version"
  fi
}

# A deployment that went well stays one, whatever this meets.
tidy_up() {
  remove_old_releases || warn "old releases could not be removed"
  remove_old_images || warn "old images could not be removed"
}

apply() {
  local version=$1
  read_release "$version"
  install_files "$version"
  start_missing "$version"
  roll "$version" sizing
  roll "$version" generator
  roll "$version" consumer
  update_rest "$version"
  remove_orphans "$version"
  wait_until_all_are_healthy
  ask_health
}

# return_to LIVE FAILED: brings back what ran well, with the settings of then.
return_to() {
  local live=$1 failed=$2
  if [[ $live == nothing ]]; then
    refuse "$NOT_ROLLED_BACK" "$failed failed, and nothing ran before it" "mend it, and deploy again; $LOG_FILE has it all"
  fi
  warn "$failed failed; going back to $live"
  # shellcheck disable=SC2034 # compose reads it
  SETTINGS=$LIVE_SETTINGS
  new_report
  run_interruptibly apply "$live"
  if ((OUTCOME != 0)); then
    refuse "$NOT_ROLLED_BACK" "the way back to $live failed as well: both may run side by side" \
      "docs/production.md, 'When a deployment cannot go back'"
  fi
  rm -f "$UNDER_WAY"
  say "$live runs again:"
  show_report
  cmp --silent "$OWN_SETTINGS" "$LIVE_SETTINGS" || warn "it runs with the settings of before, not those in $OWN_SETTINGS"
  exit "$ROLLED_BACK"
}

on_interrupt() {
  local version direction
  read -r version direction <"$UNDER_WAY"
  warn "stopped by $1 on the way to $version; what runs goes on serving"
  if [[ $direction == onwards ]]; then
    warn "  deploy $version goes on from here, rollback goes back to $(live_release | grep . || echo "nothing")"
  else
    warn "  rollback goes on from here"
  fi
}
