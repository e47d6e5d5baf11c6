#!/bin/sh
# Puts each list of requirements into an environment of its own under .cache/peers; safe to run again.
set -eu
cd "$(dirname "$0")/../.."
python=${VENV:-.venv}/bin/python

# A wheel named "+cpu" can never bring CUDA along, so it is asked for first; then PyTorch's own index.
put_torch() {
  wanted=$(sed -n 's/^torch==//p' "$1")
  [ -z "$wanted" ] ||
    "$2/bin/python" -m pip install -q "torch==$wanted+cpu" 2>/dev/null ||
    VIRTUAL_ENV="$2" PATH="$(dirname "$python"):$PATH" uv pip install -q --torch-backend=cpu "torch==$wanted"
}

for list in benchmarks/peers/requirements/*.txt; do
  home=$PWD/.cache/peers/$(basename "$list" .txt)
  cmp -s "$list" "$home/installed.txt" && continue
  [ -x "$home/bin/python" ] || "$python" -m venv "$home"
  if put_torch "$list" "$home" && "$home/bin/python" -m pip install -q -r "$list"; then
    cp "$list" "$home/installed.txt"
  else
    echo "peers: $list is out of reach; its rows will say so" >&2
  fi
done
