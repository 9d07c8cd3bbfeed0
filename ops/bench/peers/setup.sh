#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a virtual environment with the released packages that 'kritik bench peers' measures.
#   setup.sh DIR                        5 GB on Linux on x86_64, since PyPI's torch brings CUDA
#   PYTHON=python3.12 setup.sh DIR      another interpreter: 3.11 or 3.12
#   PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu setup.sh DIR      may take PyTorch's own build for CPUs
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 DIR" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd -P)
"${PYTHON:-python3}" -m venv "$1"
"$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$here/requirements-no-deps.txt"
echo "$1/bin/python"
