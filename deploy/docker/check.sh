#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Checks images and compose file by using them: builds the image, brings everything up, waits for rewards, looks at how the roles run, stops
# them as an orchestrator does, and takes all of it down. Needs Docker (DOCKER_HOST) with compose and BuildKit, and curl; exit code 2 where
# there is none, 1 if something is not as it should be.
# Images that can't be pulled are made on this machine (local-images.sh, which says what it needs), all but Grafana: then it is left out,
# and that is said. A project name and ports of its own keep it apart from an installation that runs.
#   deploy/docker/check.sh             the jars come from ./kritik build
#   BUILD=inside deploy/docker/check.sh    Maven runs in the builder
#   PROFILE=djl deploy/docker/check.sh     with PyTorch
#   LOCAL_IMAGES=true                  doesn't try to pull
#   KEEP=true                          leaves it running at the end
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
export DOCKER_BUILDKIT=1 COMPOSE_PROJECT_NAME=kritik-check
PROFILE=${PROFILE:-plain}
BUILD=${BUILD:-outside}
failures=0
left_out=
say() { printf 'check: %s\n' "$*"; }
good() { say "ok    $*"; }
bad() { say "WRONG $*"; failures=$((failures + 1)); }
seconds() { echo $((SECONDS - $1)) s; }

if ! docker info > /dev/null 2>&1 || ! docker compose version > /dev/null 2>&1; then
  say "no Docker with compose is within reach (DOCKER_HOST=${DOCKER_HOST:-}): nothing was checked" >&2
  exit 2
fi
say "Docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"

# Sets a variable to an image that is there: the public one, or a stand-in.
image() {
  local variable=$1 public=$2 stand_in=${3:-}
  if [ "${LOCAL_IMAGES:-false}" != true ] && { docker image inspect "$public" > /dev/null 2>&1 || timeout 300 docker pull -q "$public" > /dev/null 2>&1; }; then
    export "$variable=$public"
  elif [ -n "$stand_in" ]; then
    ./local-images.sh debian jdk "$stand_in" 2> /dev/null || { ./local-images.sh debian jdk "$stand_in"; exit 1; }
    export "$variable=kritik-local/$stand_in"
  else
    export "$variable="
  fi
  say "$variable = ${!variable:-(none)}"
}
if [ "$BUILD" = outside ] && [ ! -d "$root/ops/target/kritik/$PROFILE/lib" ]; then (cd "$root" && ./kritik build "$PROFILE"); fi
begin=$SECONDS
image JDK_IMAGE eclipse-temurin:25-jdk jdk
image BASE_IMAGE debian:bookworm-slim debian
image KAFKA_IMAGE apache/kafka:4.4.0 kafka
image REGISTRY_IMAGE apicurio/apicurio-registry:3.3.3 registry
image PROMETHEUS_IMAGE prom/prometheus:v3.5.0 prometheus
image GRAFANA_IMAGE grafana/grafana:12.2.0
say "images of others: $(seconds $begin)"
export COMPOSE_PROFILES=random-judge,grafana
if [ -z "$GRAFANA_IMAGE" ]; then
  left_out="Grafana (no image within reach)"
  COMPOSE_PROFILES=random-judge
  unset GRAFANA_IMAGE
fi

begin=$SECONDS
export KRITIK_IMAGE=kritik-check:$PROFILE
docker build -q -f Dockerfile -t "$KRITIK_IMAGE" --build-arg JDK_IMAGE="$JDK_IMAGE" --build-arg BASE_IMAGE="$BASE_IMAGE" \
  --build-arg BUILD="$BUILD" --build-arg PROFILE="$PROFILE" --build-arg REVISION="$(git -C "$root" rev-parse --short HEAD)" "$root" > /dev/null
size=$(docker image inspect --format '{{.Size}}' "$KRITIK_IMAGE")
good "image built in $(seconds $begin), $((size / 1000000)) MB, of which $(docker history --format '{{.Size}} {{.CreatedBy}}' --no-trunc "$KRITIK_IMAGE" | sed -n 's/ .*COPY \/out\/own.*//p') are Kritik's own"

# Free ports, so that an installation which runs is left alone.
port() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && port $(($1 + 1)) || echo "$1"; }
KAFKA_PORT=$(port 39092) REGISTRY_PORT=$(port 38081) GATEWAY_PORT=$(port 38380) DASHBOARD_PORT=$(port 38390) PROMETHEUS_PORT=$(port 39090) GRAFANA_PORT=$(port 33000)
export KAFKA_PORT REGISTRY_PORT GATEWAY_PORT DASHBOARD_PORT PROMETHEUS_PORT GRAFANA_PORT
down() { docker compose --profile '*' down --volumes --remove-orphans > /dev/null 2>&1; }
end() {
  local code=$?
  if [ "$code" -ne 0 ]; then docker compose logs --tail 15 2>&1 | cut -c1-300 | tail -n 80; fi
  if [ "${KEEP:-false}" = true ]; then say "left running: project $COMPOSE_PROJECT_NAME"; else down; fi
}
trap end EXIT
down

begin=$SECONDS
./up.sh --quiet-pull --wait-timeout 420 > /dev/null 2>&1 || { bad "compose up: not all services were ready after $(seconds $begin)"; docker compose ps -a; exit 1; }
good "all services ready after $(seconds $begin)"

begin=$SECONDS
rewards=$(timeout 180 ./try.sh 2> /dev/null || true)
scored=$(grep -c '"status":"OK"' <<< "$rewards" || true)
if [ "$scored" = 3 ]; then good "three groups sent through Kafka, three rewards read, in $(seconds $begin)"; else bad "rewards of the example: $scored of 3"; fi

token=$(cat secrets/KRITIK_GATEWAY_TOKEN)
body='{"prompt": "2+2?", "responses": ["4", "5"], "k": 2}'
ask() { curl -s -m 90 -o "$1" -w '%{http_code}' -H 'Content-Type: application/json' "${@:2}" -d "$body" "http://127.0.0.1:$GATEWAY_PORT/v1/rewards?wait_s=60"; }
answer=$(mktemp)
code=$(ask "$answer" -H @- <<< "Authorization: Bearer $token")
if [ "$code" = 200 ] && grep -q '"status":"OK"' "$answer"; then good "the gateway answers with a reward"; else bad "the gateway answers $code: $(cut -c1-300 "$answer")"; fi
code=$(ask "$answer")
if [ "$code" = 401 ]; then good "the gateway without a token: 401"; else bad "the gateway without a token: $code"; fi
rm -f "$answer"
code=$(curl -s -m 10 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$DASHBOARD_PORT/api/overview")
if [ "$code" = 401 ]; then good "the dashboard without a token: 401"; else bad "the dashboard without a token: $code"; fi

targets=0
for _ in $(seq 30); do
  targets=$(curl -s -m 10 -G "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query" --data-urlencode 'query=sum(up)' | sed -n 's/.*"value":\[[^,]*,"\([0-9]*\)".*/\1/p')
  if [ "$targets" = 5 ]; then break; fi
  sleep 2
done
if [ "$targets" = 5 ]; then good "Prometheus scrapes 5 of 5"; else bad "Prometheus scrapes ${targets:-none} of 5"; fi
rules=$(curl -s -m 10 "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/rules" | grep -o '"health":"[a-z]*"' | sort | uniq -c | tr -s ' \n' ' ')
if grep -q '"err"' <<< "$rules" || [ -z "$rules" ]; then bad "rules in Prometheus: $rules"; else good "rules in Prometheus:$rules"; fi

roles="stream-1 stream-2 worker gateway exporter dashboard judge"
for role in $roles; do
  container=$(docker compose ps -q "$role")
  how=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$container")
  # What the kernel says of process 1, not what was asked for: users, capabilities, no new privileges.
  kernel=$(docker exec "$container" bash -c 'while read -r key value rest; do case $key in Uid: | CapEff: | CapPrm: | NoNewPrivs:) echo -n "$key $value ";; esac; done < /proc/1/status; read -r name < /proc/1/comm; echo -n "$name"')
  want='Uid: 10001 CapPrm: 0000000000000000 CapEff: 0000000000000000 NoNewPrivs: 1 java'
  writes=$(docker exec "$container" bash -c 'for folder in / /opt/kritik/lib /etc /tmp; do if (: > "$folder/.written") 2> /dev/null; then echo -n "$folder "; fi; done')
  if [ "$kernel" = "$want" ] && [[ $how == true* ]] && [ "$writes" = "/tmp " ]; then
    good "$role: Java is process 1, user 10001, no capabilities, read-only but for /tmp"
  else
    bad "$role: $how; $kernel; can write to $writes"
  fi
  if docker inspect "$container" | grep -qF -e "$token" -e "$(cat secrets/KRITIK_DASHBOARD_TOKEN)"; then bad "$role: a token is in docker inspect"; fi
done
if docker save "$KRITIK_IMAGE" | grep -qaF "$token"; then bad "a token is in the image"; else good "no token in the image or in docker inspect"; fi
say "memory: $(docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' | sed "s/$COMPOSE_PROJECT_NAME-//; s/-1 / /; s| / .*||" | tr '\n' ',')"

# In the order of the data, so that nobody misses anybody; each as an orchestrator does it: SIGTERM, then wait.
for role in gateway dashboard exporter worker stream-1 stream-2 judge; do
  container=$(docker compose ps -q "$role")
  begin=$(date +%s%N)
  docker stop -t 40 "$container" > /dev/null
  took=$((($(date +%s%N) - begin) / 1000000))
  code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
  if [ "$code" = 0 ] || [ "$code" = 143 ]; then good "$role: ended with $code, $took ms after SIGTERM"; else bad "$role: ended with $code after $took ms"; fi
done
if [ -n "$left_out" ]; then say "left out: $left_out"; fi
if [ "$failures" -gt 0 ]; then say "$failures wrong"; exit 1; fi
say "all as it should be, in $(seconds 0)"
