#!/bin/sh
# Makes .venv and installs what requirements.lock pins. Usage: setup.sh PYTHON UV_VERSION
set -eu
python=$1 uv_version=$2
say() { printf 'banyan: %s\n' "$*" >&2; exit 1; }

command -v "$python" >/dev/null || say "Python is missing: install Python 3.11 or newer, or name one with 'make PYTHON=/path/to/python3'."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || say "$("$python" --version 2>&1) is too old or does not run: Banyan needs 3.11 or newer; name one with 'make PYTHON=/path/to/python3.11'."
[ -w . ] || say "This folder cannot be written to: clone Banyan where you may write."
.venv/bin/python -c 'import pip' 2>/dev/null || {
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 \
    || say "Python cannot make a virtual environment: on Debian, 'apt-get install python3-venv'."
}

# A home that cannot be written to has no place for a cache.
[ -w "${HOME:-/nonexistent}" ] || export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
pip() { .venv/bin/python -m pip install --quiet "$@"; }
# uv takes seconds where pip takes half a minute, but it reads neither pip's settings nor, by
# itself, the system's certificates: what it cannot reach, pip may.
install() { .venv/bin/uv pip install --quiet --python .venv/bin/python "$@" 2>/dev/null || pip "$@"; }

echo "banyan: installing what requirements.lock pins into .venv" >&2
.venv/bin/uv --version 2>/dev/null | grep -q "uv $uv_version" || pip "uv==$uv_version" \
  || say "uv could not be installed: is a package registry reachable from here?"
install --require-hashes --no-deps -r requirements.lock \
  || say "a pinned package could not be installed: see the lines above; every wheel exists for Linux and macOS on x86_64 and arm64."
install --no-deps --no-build-isolation --editable . \
  || say "Banyan itself could not be installed: see the lines above."
