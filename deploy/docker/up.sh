#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings compose.yaml up and waits until every service is ready; fills secrets/ with chance where a file is missing. Arguments go to
# "docker compose up". The image must be there: docker build -f deploy/docker/Dockerfile -t kritik .
set -eu
cd "$(dirname "$0")"
# The folder is for its owner alone. The files are not: a container's user, who is not the owner, must read them, and reaches them only
# where compose mounts them.
mkdir -p secrets
chmod 700 secrets
for name in KRITIK_GATEWAY_TOKEN KRITIK_DASHBOARD_TOKEN GRAFANA_PASSWORD; do
  if [ ! -s "secrets/$name" ]; then
    od -An -N 24 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
    chmod 444 "secrets/$name"
  fi
done
docker compose up --detach --wait "$@"
echo "gateway     http://127.0.0.1:${GATEWAY_PORT:-8380}    token: secrets/KRITIK_GATEWAY_TOKEN"
echo "dashboard   http://127.0.0.1:${DASHBOARD_PORT:-8390}    token: secrets/KRITIK_DASHBOARD_TOKEN"
echo "prometheus  http://127.0.0.1:${PROMETHEUS_PORT:-9090}"
echo "Send something: deploy/docker/try.sh. End it: docker compose -f deploy/docker/compose.yaml down (--volumes deletes the data)"
