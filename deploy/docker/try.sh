#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sends three groups of rollouts (examples/rollouts.jsonl, or the file in the first argument, below examples/) and prints their rewards as JSON.
set -eu
cd "$(dirname "$0")"
job=try-$(date +%s)
file=/examples/${1:-rollouts.jsonl}
config=/etc/kritik/kritik.properties
groups=$(grep -c . "examples/${1:-rollouts.jsonl}")
docker compose run --rm --no-deps -T cli rollouts publish "$file" --job "$job" --k 4 --config "$config" >&2
exec docker compose run --rm --no-deps -T cli rewards tail --job "$job" --follow --count "$groups" --json --config "$config"
