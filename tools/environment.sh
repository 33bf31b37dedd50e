# Sourced by tools/run, tools/test and .ci/run: a virtual environment inside the repository, made once.
# environment EXTRA: sets $bin to its bin folder, with focuscam[EXTRA] installed as an editable package.
# PYTHON chooses the Python (default: python3).

environment() {
    local python=${PYTHON:-python3} extra=$1 version home stamp options=()
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || {
        echo "focuscam needs Python 3.11 or newer: apt install python3." >&2
        return 1
    }
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "focuscam needs Python 3.11 or newer; $python is $version. Name another: PYTHON=python3.11 $0" >&2
        return 1
    }
    # On a Raspberry Pi picamera2 and libcamera come from apt and are seen through the system's packages.
    if "$python" -c 'import libcamera' 2> /dev/null; then options+=(--system-site-packages); fi
    home=$repository/.venv/$version${extra:+-${extra//,/-}}
    bin=$home/bin
    stamp=$(cat "$repository/pyproject.toml" | cksum)
    if [ "$(cat "$home/made-for" 2> /dev/null)" = "$stamp" ]; then return 0; fi
    mkdir -p "$repository/.venv"
    (
        # Whoever wants the same one at the same time waits until it is there.
        if command -v flock > /dev/null; then flock 9; fi
        if [ "$(cat "$home/made-for" 2> /dev/null)" = "$stamp" ]; then exit 0; fi
        echo "Making a virtual environment in ${home#"$repository"/} (once; a minute or two) ..." >&2
        # Debian's Python has venv without pip in it; the pip outside can install into it all the same.
        "$python" -m venv --clear --without-pip "${options[@]}" "$home" || exit 1
        "$python" -m pip --python "$bin/python" --disable-pip-version-check install --quiet \
            --editable "$repository${extra:+[$extra]}" || {
            echo "Could not install what focuscam needs; the lines above say why. Is the network there, and python3-pip?" >&2
            exit 1
        }
        printf '%s\n' "$stamp" > "$home/made-for"
    ) 9> "$home.lock"
}
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
