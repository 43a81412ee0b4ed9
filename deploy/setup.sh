#!/bin/sh
# Makes .venv and installs what requirements.lock pins. Usage: setup.sh PYTHON UV_VERSION
set -eu
python=$1 uv_version=$2
say() { printf 'banyan: %s\n' "$*" >&2; exit 1; }

command -v "$python" >/dev/null || say "Python is missing: install Python 3.11 or newer, or name one with 'make PYTHON=/path/to/python3'."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || say "$("$python" --version) is too old: Banyan needs 3.11 or newer; name one with 'make PYTHON=/path/to/python3.11'."
[ -w . ] || say "This folder cannot be written to: clone Banyan where you may write."
[ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null || {
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 \
    || say "Python cannot make a virtual environment: on Debian, 'apt-get install python3-venv'."
}
echo "banyan: installing what requirements.lock pins into .venv" >&2
.venv/bin/uv --version 2>/dev/null | grep -q "uv $uv_version" \
  || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version" \
  || say "uv could not be installed: is a package registry reachable from here?"
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock \
  || say "a pinned package could not be installed: see the line above; every wheel exists for Linux and macOS on x86_64 and arm64."
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
