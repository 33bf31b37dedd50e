#!/bin/bash
# Install focuscam as a service: `sudo deploy/install.sh`. Run it again to upgrade; `--help` says the rest.
# Raspberry Pi OS (64 bit) Bookworm and Trixie; Debian where its apt has what is needed.
set -Eeuo pipefail
# Whatever fails without a word of ours is named: nobody should have to guess.
trap 'echo "focuscam was not installed: line $LINENO of $0 failed (\`$BASH_COMMAND\`)." >&2' ERR

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
list=$(cat "$source/deploy/files")
. "$source/deploy/parts.sh"
space_mb=700

usage() {
  cat <<'END'
sudo deploy/install.sh              install focuscam, or upgrade it; settings are kept
sudo deploy/install.sh --uninstall  remove all of it but the settings in /etc/focuscam and the stills that it took
sudo deploy/install.sh --purge      remove those as well
     deploy/install.sh --dry-run    only say what would be done (with any of the above)
END
}

# Do a step, or only say it.
run() {
  if [ -n "$dry" ]; then
    echo "would run: $*"
  else
    "$@"
  fi
}

# As `run`, without the words of a step that is in order.
quietly() {
  local words
  if [ -n "$dry" ]; then
    echo "would run: $*"
  elif ! words=$("$@" 2>&1); then
    echo "$words" >&2
    refuse "\`$*\` failed, for the reason above; put it right and run this again."
  fi
}

system_is_right() {
  local name=unknown version=unknown python
  if [ -r /etc/os-release ]; then
    name=$(. /etc/os-release && echo "${ID:-unknown}") version=$(. /etc/os-release && echo "${VERSION_ID:-unknown}")
  fi
  case "$name $version" in
    "debian 12" | "debian 13" | "raspbian 12" | "raspbian 13") ;;
    *) refuse "it needs Raspberry Pi OS Bookworm or Trixie (Debian 12 or 13), and this is $name $version." ;;
  esac
  has_architecture arm64 amd64
  command -v systemctl >/dev/null || refuse "it is run by systemd, which this system lacks."
  python=$(python3 -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null) || python=
  [ "$python" = True ] || refuse "it needs Python 3.11 or later: \`sudo apt install python3\`."
}

system_python() {
  python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])'
}

by_hand() { # FILE: where it is put
  listed file | while read -r what place _; do
    if [ "$what" = "$1" ]; then echo "$place"; fi
  done
}

# Whether the Debian package of focuscam is installed, or was half installed.
packaged() {
  case $(dpkg-query -W -f '${db:Status-Status}' focuscam 2>/dev/null || true) in
    "" | not-installed | config-files) return 1 ;;
  esac
}

apt_has() {
  apt-cache show "$1" >/dev/null 2>&1
}

# What apt is asked for. Hardware libraries come from apt, which knows the Pi; the rest from PyPI.
wanted_packages() {
  echo python3-venv python3-systemd
  if apt_has python3-picamera2; then
    # It only asks for a libcamera of 2023: beside an older one than its own it fails with a fixed exposure. So libcamera
    # and the cameras' own code are asked for by name, and come up to date.
    echo python3-picamera2 python3-libcamera libcamera-ipa
  else
    # Some of what PyPI's picamera2 needs has to be compiled.
    echo python3-libcamera libcamera-ipa python3-prctl gcc libc6-dev python3-dev
  fi
  # gpiozero is for the programs of others, which run in the system's Python.
  for package in python3-lgpio python3-gpiozero; do
    if apt_has $package; then
      echo $package
    fi
  done
}

packages() {
  local wanted
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get update
  apt_has python3-picamera2 || apt_has python3-libcamera ||
    refuse "apt has neither python3-picamera2 nor python3-libcamera here; use Raspberry Pi OS."
  wanted=$(wanted_packages)
  # shellcheck disable=SC2086 # a list of words
  quietly apt-get install -y --no-install-recommends $wanted
  apt_has python3-lgpio || echo "There is no python3-lgpio here: the pins of a Raspberry Pi can't be used."
}

environment() {
  local python place=$home what="${source}[page]"
  python=$(system_python)
  # The package's environment is not ours to change, and its service runs until all of ours is here.
  if packaged; then
    place=$home.new
    run rm -rf "$place"
  fi
  # After an upgrade of the system the old environment has a Python that is gone.
  if [ -e "$place" ] && ! [ -d "$place/lib/$python" ]; then
    run rm -rf "$place"
  fi
  # The system's packages are seen from inside: libcamera, lgpio and systemd's are nowhere else.
  [ -x "$place/bin/python" ] || quietly python3 -m venv --system-site-packages "$place"
  apt_has python3-picamera2 || what="${source}[page,picamera]"
  # Compiling these would take a Pi hours, so it is not even tried.
  quietly "$place/bin/pip" install --disable-pip-version-check --upgrade \
    --only-binary=ai-edge-litert,tflite-runtime,numpy,opencv-python-headless,pillow "$what"
  if packaged; then
    # Its programs name the Python that they are for.
    run find "$place/bin" -type f -exec sed -i "1s|^#!$place/|#!$home/|" {} +
    quietly dpkg --remove --force-remove-reinstreq focuscam
    run mv "$place" "$home"
  fi
}

files() {
  local what place
  while read -r what place _; do
    run install -D -m 644 "$source/deploy/$what" "$place"
  done < <(listed file)
  while read -r what place _; do
    [ -e "$place" ] || run install -D -m 644 "$source/deploy/$what" "$place"
  done < <(listed "user's")
  while read -r what place _; do
    run mkdir -p "$(dirname "$place")"
    run ln -sfn "$home/$what" "$place"
  done < <(listed link "$(system_python)")
}

what_now() {
  for _ in $(seq 20); do
    case $(systemctl is-active focuscam || true) in
      active | failed) break ;;
    esac
    sleep 1
  done
  if [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
    echo "$SUDO_USER may talk to the service after logging in again."
  fi
  if systemctl --quiet is-active focuscam; then
    echo "focuscam $("$home/bin/focuscam" --version | tr -dc 0-9.) is running: look at the LED, or at \`systemctl status focuscam\`."
  else
    echo "focuscam is installed, but not running yet: \`systemctl status focuscam\` and \`focuscam doctor\` say why."
  fi
}

uninstall() {
  if packaged; then
    echo "focuscam was not removed: it came as a package, \`sudo apt remove focuscam\` (or purge) removes it." >&2
    exit 1
  fi
  if [ -e "$(by_hand focuscam.service)" ]; then
    stop_service
  fi
  remove_what_was_put_by_hand
  run rm -rf "$home" "$home.new"
  if [ -z "$purge" ]; then
    forget_state
    [ -z "$(ls -A "$state/stills" 2>/dev/null)" ] ||
      echo "Your stills are kept in $state/stills; \`sudo rm -r $state\` throws them away."
  fi
  forget_service
  forget_user
  if [ -n "$purge" ]; then
    forget_all
    echo "focuscam is gone. The packages from apt stay: other programs may use them."
  else
    echo "focuscam is gone but for its settings in $settings. The packages from apt stay: other programs may use them."
  fi
}

dry='' purge='' what=install
for option in "$@"; do
  case $option in
    --dry-run) dry=1 ;;
    --uninstall) what=uninstall ;;
    --purge) what=uninstall purge=1 ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done

[ -n "$dry" ] || [ "$(id -u)" = 0 ] || refuse "it needs root: \`sudo deploy/install.sh $*\`."
if [ "$what" = uninstall ]; then
  uninstall
  exit 0
fi
system_is_right
has_room /opt "$space_mb"
packages
environment
files
make_user "$(by_hand sysusers.d/focuscam.conf)"
enable_service
start_service restart
[ -n "$dry" ] || what_now
