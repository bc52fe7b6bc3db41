#!/usr/bin/env bash
# The settings of a new server: from the template, with what only its owner knows and secrets of its own; to be
# sourced. A value that is there is never changed.

readonly MADE_HERE=(REDIS_PASSWORD GRAFANA_ADMIN_PASSWORD WHATSAPP_TOKEN)
readonly ASKED_FOR=(DOMAIN SUPABASE_URL SUPABASE_SERVICE_ROLE_KEY OPENAI_API_KEY)
readonly MAY_BE_EMPTY=(ACME_EMAIL) # of one who brings a certificate
readonly TEMPLATE=$DEPLOY_FOLDER/../../.env.production.example
readonly SECRET_BYTES=32

fill_in_settings() {
  step "settings in $OWN_SETTINGS" settings_are_complete write_settings
  if [[ -z $(setting ACME_EMAIL) && -z ${DRY_RUN-} ]]; then
    warn "ACME_EMAIL is empty in $OWN_SETTINGS: no certificate will be asked for"
  fi
}

settings_are_complete() {
  local name
  [[ -e $OWN_SETTINGS ]] || return 1
  for name in "${MADE_HERE[@]}" "${ASKED_FOR[@]}"; do
    [[ -n $(setting "$name") ]] || return 1
  done
}

write_settings() {
  local name
  if [[ ! -e $OWN_SETTINGS ]]; then
    (umask 077 && cp "$TEMPLATE" "$OWN_SETTINGS")
  fi
  chmod 600 "$OWN_SETTINGS"
  for name in "${MADE_HERE[@]}"; do
    fill_in "$name" "$(new_secret)"
  done
  for name in IMAGE_REPOSITORY "${ASKED_FOR[@]}" "${MAY_BE_EMPTY[@]}"; do
    fill_in "$name" "${!name-}"
  done
  ask_for_missing
}

# fill_in NAME VALUE: only where the file has none.
fill_in() {
  if [[ -z $2 || -n $(setting "$1") ]]; then
    return
  fi
  if grep --quiet "^$1=" "$OWN_SETTINGS"; then
    # shellcheck disable=SC2016 # awk's own
    NAME=$1 VALUE=$2 rewrite_settings '
      index($0, ENVIRON["NAME"] "=") == 1 { print ENVIRON["NAME"] "=" ENVIRON["VALUE"]; next } { print }'
  else
    printf '%s=%s\n' "$1" "$2" >>"$OWN_SETTINGS"
  fi
}

# rewrite_settings PROGRAM: through awk, in place, so that the mode stays.
rewrite_settings() {
  local text
  text=$(awk "$1" "$OWN_SETTINGS")
  printf '%s\n' "$text" >"$OWN_SETTINGS"
}

new_secret() {
  od --address-radix=n --format=x1 --read-bytes="$SECRET_BYTES" /dev/urandom | tr --delete ' \n'
}

# Whoever sits at a terminal is asked; a script is told what is missing.
ask_for_missing() {
  local name value missing=()
  for name in "${ASKED_FOR[@]}" "${MAY_BE_EMPTY[@]}"; do
    if [[ -z $(setting "$name") && -t 0 ]]; then
      read -r -p "$name: " value
      fill_in "$name" "$value"
    fi
  done
  for name in "${ASKED_FOR[@]}"; do
    [[ -n $(setting "$name") ]] || missing+=("$name")
  done
  if ((${#missing[@]} > 0)); then
    refuse "$REFUSED" "these settings are missing: ${missing[*]}" \
      "write them to $OWN_SETTINGS, or give them in the environment, and run this again"
  fi
}
