#!/usr/bin/env bash
# What a deployment did, as a short table; to be sourced.

# report SERVICE WHAT SECONDS: one row, kept until the table is shown.
report() {
  printf '%-18s %-58s %4s s\n' "$1" "$2" "$3" >>"$REPORT"
  say "$1: $2"
}

new_report() {
  REPORT=$WEARON_HOME/state/report
  : >"$REPORT"
}

show_report() {
  local row
  while IFS= read -r row; do
    say "  $row"
  done <"$REPORT"
}
