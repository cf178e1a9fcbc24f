# What the commands at the root share: sourced, never run. Expects $root.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# A build must leave no process behind that holds the caller's pipes or a lock open.
export MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }

need_dotnet() {
  command -v dotnet >/dev/null || { say "This needs the .NET 10 SDK (the command 'dotnet'), which is not installed."; exit 1; }
}

# The pages' styles and scripts are built with npm packages.
need_node() {
  if install_lacking node=nodejs npm=npm; then return 0; fi
  say "The build needs Node.js 18 or newer and npm (Debian packages nodejs and npm)."
  exit 1
}

# build_when_stale PROJECT_FOLDER SOURCE...: a Release build, only when a source is newer than the last good one.
# A stamp is compared and not the dll, because the compiler leaves a dll alone whose content would not change.
build_when_stale() {
  local project=$1 stamp newest folder
  shift
  stamp=$root/$project/obj/.built-release
  if [[ -e $stamp ]]; then
    newest=$(cd "$root" && find "$@" Directory.Build.props Directory.Packages.props global.json \
      \( -name bin -o -name obj -o -name node_modules \) -prune -o -newer "$stamp" -print -quit)
    if [[ -z $newest ]]; then return 0; fi
  fi
  need_dotnet
  need_node
  mkdir -p "$root/$project/obj"
  exec {lock}>"$root/$project/obj/.build-lock"
  flock "$lock"
  # The build itself makes these; made now, they are older than the stamp.
  for folder in "$root"/src/*/; do mkdir -p "$folder/bin" "$folder/obj"; done
  mkdir -p "$root/src/Host/Web/node_modules"
  touch "$stamp.next"
  say "Building $project ..."
  if ! dotnet build "$root/$project" -c Release --nologo -v quiet -p:UseSharedCompilation=false \
      >"$root/$project/obj/build.log" 2>&1 {lock}>&-; then
    cat "$root/$project/obj/build.log" >&2
    say "The build failed."
    exit 1
  fi
  mv "$stamp.next" "$stamp"
  exec {lock}>&-
}

# install_lacking THING...: installs what is not there. A thing is COMMAND=PACKAGE (looked for as a command, since it
# may have come another way) or the name of a Debian package. Fails, aloud, where it cannot install.
install_lacking() {
  local thing packages=()
  for thing in "$@"; do
    if [[ $thing == *=* ]]; then
      PATH="$PATH:/usr/sbin:$(pg_bin)" command -v "${thing%%=*}" >/dev/null || packages+=("${thing#*=}")
    else
      dpkg-query -W -f='${Status}' "$thing" 2>/dev/null | grep -q 'ok installed' || packages+=("$thing")
    fi
  done
  if [[ ${#packages[@]} -eq 0 ]] || install_packages "${packages[@]}"; then return 0; fi
  say "Not installed here: ${packages[*]} (this needs apt-get, and root or sudo)."
  return 1
}

pg_bin() { printf '%s' "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)"; }

# install_packages PACKAGE...: by apt-get, as root or with sudo. Fails where it cannot.
install_packages() {
  local as_root=() denied=
  command -v apt-get >/dev/null || return 1
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    as_root=(sudo)
  fi
  say "Installing $* ..."
  # The tests start their own servers on free ports: the packages' services are not to be started.
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    denied=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee /usr/sbin/policy-rc.d >/dev/null
    "${as_root[@]}" chmod 755 /usr/sbin/policy-rc.d
  fi
  local outcome=0
  { "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=900 -qq update \
    && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 -qq install -y \
      --no-install-recommends "$@"; } >&2 || outcome=1
  if [[ -n $denied ]]; then "${as_root[@]}" rm -f /usr/sbin/policy-rc.d; fi
  return $outcome
}
