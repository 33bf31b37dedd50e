#!/bin/bash
# Install focuscam as a service: `sudo deploy/install.sh`. Run it again to upgrade; `--help` says the rest.
# Raspberry Pi OS (64 bit) Bookworm and Trixie; Debian where its apt has what is needed.
set -Eeuo pipefail
# Whatever fails without a word of ours is named: nobody should have to guess.
trap 'echo "focuscam was not installed: line $LINENO of $0 failed (\`$BASH_COMMAND\`)." >&2' ERR

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=/opt/focuscam
command=/usr/local/bin/focuscam
unit=/etc/systemd/system/focuscam.service
page_unit=/etc/systemd/system/focuscam-page.service
sysusers=/etc/sysusers.d/focuscam.conf
polkit=/etc/polkit-1/rules.d/50-focuscam.rules
settings=/etc/focuscam
state=/var/lib/focuscam
local_python=/usr/local/lib
completions=(/usr/local/share/bash-completion/completions/focuscam /usr/local/share/zsh/site-functions/_focuscam)
space_mb=700

usage() {
  cat <<'END'
sudo deploy/install.sh              install focuscam, or upgrade it; settings are kept
sudo deploy/install.sh --uninstall  remove all of it but the settings in /etc/focuscam and the stills that it took
sudo deploy/install.sh --purge      remove those as well
     deploy/install.sh --dry-run    only say what would be done (with any of the above)
END
}

refuse() {
  echo "focuscam was not installed: $*" >&2
  exit 1
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
  case $(dpkg --print-architecture) in
    arm64 | amd64) ;;
    *) refuse "this system is $(dpkg --print-architecture), and the network's runtime exists for 64 bit only: install the 64 bit Raspberry Pi OS." ;;
  esac
  command -v systemctl >/dev/null || refuse "it is run by systemd, which this system lacks."
  python=$(python3 -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null) || python=
  [ "$python" = True ] || refuse "it needs Python 3.11 or later: \`sudo apt install python3\`."
}

there_is_room() {
  local free
  # Where there is no /opt yet, it will be made on the root file system.
  free=$({ df --output=avail -BM /opt || df --output=avail -BM / || true; } 2>/dev/null | tail -n 1 | tr -dc 0-9)
  [ "${free:-$space_mb}" -ge "$space_mb" ] ||
    refuse "it needs $space_mb MB in /opt, and $free MB are free: \`sudo apt clean\` may help."
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
  local python what="${source}[page]"
  python=$(python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  # After an upgrade of the system the old environment has a Python that is gone.
  if [ -e "$home" ] && ! [ -d "$home/lib/$python" ]; then
    run rm -rf "$home"
  fi
  # The system's packages are seen from inside: libcamera, lgpio and systemd's are nowhere else.
  [ -x "$home/bin/python" ] || quietly python3 -m venv --system-site-packages "$home"
  apt_has python3-picamera2 || what="${source}[page,picamera]"
  # Compiling these would take a Pi hours, so it is not even tried.
  quietly "$home/bin/pip" install --disable-pip-version-check --upgrade \
    --only-binary=ai-edge-litert,tflite-runtime,numpy,opencv-python-headless,pillow "$what"
}

# `from focuscam import FocusSensor` in everybody's programs: the package alone, since what else is in our environment
# must not get in the way of the system's.
sensor() {
  local python folder
  python=$(python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  folder=$local_python/$python/dist-packages
  run mkdir -p "$folder"
  run ln -sfn "$home/lib/$python/site-packages/focuscam" "$folder/focuscam"
}

user() {
  run install -D -m 644 "$source/deploy/sysusers.d/focuscam.conf" "$sysusers"
  run systemd-sysusers "$sysusers"
  # For the button for the shutdown; polkit reads it by itself, where it is there.
  run install -D -m 644 "$source/deploy/polkit/50-focuscam.rules" "$polkit"
  if [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
    run usermod -aG focuscam "$SUDO_USER"
  fi
}

service() {
  if ! [ -e "$settings/focuscam.toml" ]; then
    run install -D -m 644 "$source/deploy/focuscam.toml" "$settings/focuscam.toml"
  fi
  run install -m 644 "$source/deploy/focuscam.service" "$unit"
  run install -m 644 "$source/deploy/focuscam-page.service" "$page_unit"
  run mkdir -p "$(dirname "$command")"
  run ln -sfn "$home/bin/focuscam" "$command"
  run install -D -m 644 "$source/deploy/completion/focuscam.bash" "${completions[0]}"
  run install -D -m 644 "$source/deploy/completion/_focuscam" "${completions[1]}"
  run systemctl daemon-reload
  quietly systemctl enable focuscam
  run systemctl --no-block restart focuscam
  run systemctl --no-block try-restart focuscam-page
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
    echo "focuscam $("$command" --version | tr -dc 0-9.) is running: look at the LED, or at \`systemctl status focuscam\`."
  else
    echo "focuscam is installed, but not running yet: \`systemctl status focuscam\` and \`focuscam doctor\` say why."
  fi
}

uninstall() {
  if [ -e "$unit" ]; then
    quietly systemctl disable --now focuscam
  fi
  if [ -e "$page_unit" ]; then
    quietly systemctl disable --now focuscam-page
  fi
  run rm -rf "$page_unit" /var/lib/focuscam-page /var/lib/private/focuscam-page
  run rm -rf "$unit" "$command" "${completions[@]}" "$sysusers" "$polkit" "$home"
  run rm -f "$local_python"/python3.*/dist-packages/focuscam
  # Pictures are not ours to throw away.
  if [ -z "$purge" ] && [ -n "$(ls -A "$state/stills" 2>/dev/null)" ]; then
    run find "$state" -mindepth 1 -maxdepth 1 -not -name stills -exec rm -rf {} +
    run chown -R root:root "$state"
    echo "Your stills are kept in $state/stills; \`sudo rm -r $state\` throws them away."
  else
    run rm -rf "$state"
  fi
  run systemctl daemon-reload
  run systemctl reset-failed focuscam 2>/dev/null || true
  if getent passwd focuscam >/dev/null; then
    run userdel focuscam
  fi
  # Members of a group keep it alive beyond its user.
  if getent group focuscam >/dev/null; then
    run groupdel focuscam
  fi
  if [ -n "$purge" ]; then
    run rm -rf "$settings" "$unit.d"
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
there_is_room
packages
environment
sensor
user
service
[ -n "$dry" ] || what_now
