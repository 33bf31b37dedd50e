# How an upgrade is never half: each version has a folder of its own, and /opt/focuscam is a link to the one that runs. dpkg
# replaces and removes files one by one; so before it begins, the link is pointed at a copy of hard links, which costs no room,
# and at the new version when that is whole. Whenever the power is cut, the link leads to one whole environment.
trees=/usr/lib/focuscam
kept=$trees/kept

point_to() { # FOLDER
  rm -rf "$home.new"
  ln -s "$1" "$home.new"
  if [ -d "$home" ] && ! [ -L "$home" ]; then
    # The folder of deploy/install.sh; coreutils' mv --exchange is too young for Bookworm.
    python3 -c 'import ctypes, sys
a, b = (each.encode() for each in sys.argv[1:])
sys.exit(ctypes.CDLL(None).renameat2(-100, a, -100, b, 2) != 0)' "$home.new" "$home"
    rm -rf "$home.new"
  else
    mv -fT "$home.new" "$home"
  fi
}

keep_what_runs() {
  local old
  old=$(readlink "$home" || true)
  # One that an upgrade before this kept, and did not come to replace, is the whole one.
  if [ -d "$old" ] && [ "$old" != "$kept" ]; then
    rm -rf "$kept"
    cp -al "$old" "$kept"
    point_to "$kept"
  fi
  remove_bytecode
}

# dpkg knows nothing of it, and would leave the folders behind that it is in.
remove_bytecode() {
  find "$trees" -path "$kept" -prune -o -name __pycache__ -exec rm -rf {} + 2>/dev/null || true
}
