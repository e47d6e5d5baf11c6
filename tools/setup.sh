#!/bin/sh
# Puts this project and a build of torch into $VENV; safe to run again.
set -eu
V=${VENV:-.venv}
backend=${TORCH_BACKEND:-cpu}
version=$(sed -n 's/^torch==//p' constraints.txt)
started=$(date +%s)

[ -x "$V/bin/python" ] || "${PYTHON:-python3}" -m venv "$V"
if command -v uv >/dev/null 2>&1; then
  uv=uv
else
  "$V/bin/python" -m pip install -q --disable-pip-version-check uv
  uv="$V/bin/uv"
fi
VIRTUAL_ENV="$(cd "$V" && pwd)"
export VIRTUAL_ENV
# uv does not read pip's own settings: hand a folder of wheels over.
if [ -z "${UV_FIND_LINKS:-}" ] && [ -n "${PIP_FIND_LINKS:-}" ]; then
  UV_FIND_LINKS=$(echo "$PIP_FIND_LINKS" | tr ' ' ',')
  export UV_FIND_LINKS
fi

export UV_COMPILE_BYTECODE=1 # once here, and not in every process of those who let Python write no files

has_torch() {
  "$V/bin/python" -c "from importlib.metadata import version; raise SystemExit(version('torch').split('+')[0] != '$version')" 2>/dev/null
}

if ! has_torch; then
  # A "+cpu" build can never be a CUDA one, so ask for it first; then for the backend, from PyTorch's own index.
  { [ "$backend" = cpu ] && $uv pip install -q "torch==$version+cpu" 2>/dev/null; } ||
    $uv pip install -q --torch-backend="$backend" "torch==$version" || {
    echo "setup: no $backend build of torch $version in reach; install torch into $V yourself and run again" >&2
    exit 1
  }
fi
$uv pip install -q -c constraints.txt -e '.[dev]'
echo "setup: patchc and torch $version ($backend) are in $V, after $(($(date +%s) - started)) s"
