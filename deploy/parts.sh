# What deploy/install.sh and the scripts of the Debian package do alike. Not run by itself: whoever takes it sets $list,
# the text of deploy/files, and has `run`, which does a step or only says it.
home=/opt/focuscam
settings=/etc/focuscam
state=/var/lib/focuscam

refuse() {
  echo "focuscam was not installed: $*" >&2
  exit 1
}

has_architecture() { # NAME...: refuse on any other
  local here
  here=$(dpkg --print-architecture)
  case " $* " in
    *" $here "*) return ;;
  esac
  case $here in
    arm64 | amd64) refuse "this system is $here, and this is for $*: take the one for $here." ;;
    *) refuse "this system is $here, and the network's runtime exists for 64 bit only: install the 64 bit Raspberry Pi OS." ;;
  esac
}

has_room() { # FOLDER MB: refuse where there is less. Where there is no such folder yet, it will be made on the root file system.
  local free
  free=$({ df --output=avail -BM "$1" || df --output=avail -BM / || true; } 2>/dev/null | tail -n 1 | tr -dc 0-9)
  [ "${free:-$2}" -ge "$2" ] || refuse "it needs $2 MB in $1, and $free MB are free: \`sudo apt clean\` may help."
}

listed() { # KIND PYTHON: of the list, lines of what, where by hand, where in the package
  sed -n "/^$1 /{ s/^[^ ]* *//; s/PYTHON/${2:-}/g; p }" <<<"$list"
}

# The user and the groups, and that whoever installs may talk to the service.
make_user() { # FILE: as systemd-sysusers reads it
  run systemd-sysusers "$1"
  if [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
    run usermod -aG focuscam "$SUDO_USER"
  fi
}

# Where systemd does not run, as where an image of a system is made, the service starts at the first boot.
systemd_runs() {
  [ -n "${dry:-}" ] || [ -d /run/systemd/system ]
}

enable_service() {
  run systemctl --quiet enable focuscam
}

start_service() { # restart, or start, which leaves one that runs alone
  if systemd_runs; then
    run systemctl daemon-reload
    # The first frame may be long in coming, or never come where there is no camera.
    run systemctl --no-block "$1" focuscam
    # The page is off until somebody turns it on.
    if [ "$1" = restart ]; then run systemctl --no-block try-restart focuscam-page; fi
  fi
}

stop_service() {
  if systemd_runs; then
    run systemctl --quiet disable --now focuscam focuscam-page
  else
    run systemctl --quiet disable focuscam focuscam-page
  fi
}

remove_what_was_put_by_hand() {
  local place
  {
    listed file
    # After an upgrade of the system the link is in the folder of a Python that is gone.
    listed link 'python3.*'
  } | while read -r _ place _; do
    # shellcheck disable=SC2086 # a pattern
    run rm -f $place
  done
}

# The pictures that it took and what it was told to keep are not ours to throw away.
forget_state() {
  local kept
  # The key of the page.
  run rm -rf /var/lib/focuscam-page /var/lib/private/focuscam-page
  kept=$(find "$state" -mindepth 1 -maxdepth 1 \( -name stills -not -empty -o -name settings.toml \) 2>/dev/null || true)
  if [ -n "$kept" ]; then
    run find "$state" -mindepth 1 -maxdepth 1 -not -name stills -not -name settings.toml -exec rm -rf {} +
    run chown -R root:root "$state"
  else
    run rm -rf "$state"
  fi
}

forget_user() {
  if getent passwd focuscam >/dev/null; then
    run userdel focuscam
  fi
  # Members of a group keep it alive beyond its user.
  if getent group focuscam >/dev/null; then
    run groupdel focuscam
  fi
}

forget_all() {
  run rm -rf "$state" "$settings" /etc/systemd/system/focuscam.service.d
}

forget_service() {
  if systemd_runs; then
    run systemctl daemon-reload
    run systemctl reset-failed focuscam 2>/dev/null || true
  fi
}
