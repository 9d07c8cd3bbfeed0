#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes stand-ins for the public images, for machines that can't pull any: out of a Debian root (debootstrap), the JDK that builds Kritik,
# and programs from Maven Central. For trying out and for tests, not for production: nobody patches these images.
#   kritik-local/debian      BASE_IMAGE of our Dockerfile, in place of debian:bookworm-slim
#   kritik-local/jdk         JDK_IMAGE, in place of eclipse-temurin:25-jdk
#   kritik-local/kafka       in place of apache/kafka: environment variables become server properties by Kafka's own code
#   kritik-local/registry    in place of apicurio/apicurio-registry
#   kritik-local/prometheus  in place of prom/prometheus (Debian's package)
# There is none for Grafana, which neither Debian nor Maven Central has.
#
#   deploy/docker/local-images.sh [NAME...]    all of them, or some: debian jdk kafka registry prometheus; what exists is kept
#
# Needs root (debootstrap), Debian's packages docker.io and debootstrap, a JDK of version 25 or newer in JAVA_HOME or under /usr/lib/jvm, and a
# build (./kritik build) for the programs of the local stack.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
export DOCKER_BUILDKIT=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'local-images: %s\n' "$*" >&2; }
missing() { ! docker image inspect "$1" > /dev/null 2>&1; }
need() { command -v "$1" > /dev/null || { say "$1 is not installed (Debian: apt-get install $2)"; exit 2; }; }

jdk_home() {
  local home
  for home in "${JAVA_HOME:-/nowhere}" /usr/lib/jvm/*; do
    if [ -x "$home/bin/jlink" ] && [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")" -ge 25 ]; then
      echo "$home"
      return
    fi
  done
  say "no JDK of version 25 or newer in JAVA_HOME or under /usr/lib/jvm"
  exit 2
}

make_debian() {
  need debootstrap debootstrap
  say "debian: debootstrap"
  debootstrap --variant=minbase --include=ca-certificates "${DEBIAN_RELEASE:-bookworm}" "$work/root" \
    "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" > "$work/debootstrap.log" 2>&1 || { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
  # What no program of ours reads.
  rm -rf "$work"/root/var/{cache/apt,lib/apt/lists,log}/* "$work"/root/usr/share/{doc,man,info,locale,lintian}/* "$work"/root/var/cache/debconf/*
  # Whom this machine trusts, these images trust: a proxy of its own may stand between it and Maven Central.
  cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$work/root" -c . | docker import --change 'CMD ["/bin/bash"]' - kritik-local/debian > /dev/null
  rm -rf "$work/root"
}

make_jdk() {
  local home
  home=$(jdk_home)
  say "jdk: from $home"
  # Debian's packages of a JDK have links out of their folder (the certificates). All of it: jlink takes modules from a JDK without
  # the folder jmods only where no file is missing.
  cp -RL "$home" "$work/jdk"
  docker build -q -t kritik-local/jdk -f local/jdk.Dockerfile "$work/jdk" > /dev/null
  rm -rf "$work/jdk"
}

stack() {
  local folder
  folder=$(find "$root/local-stack/target/stack" -maxdepth 1 -name "$1-*" 2> /dev/null | sort | tail -n 1)
  if [ -z "$folder" ]; then
    say "the programs of the local stack are not there; run ./kritik build first"
    exit 2
  fi
  echo "$folder"
}

make_kafka() {
  say "kafka"
  local folder
  folder=$(stack broker)
  mkdir "$work/kafka"
  cp -R "$folder/lib" "$work/kafka/libs"
  cp local/kafka/* "$work/kafka/"
  docker build -q -t kritik-local/kafka "$work/kafka" > /dev/null
}

make_registry() {
  say "registry"
  local folder
  folder=$(stack registry)
  mkdir "$work/registry"
  cp -R "$folder" "$work/registry/app"
  cp local/registry.Dockerfile "$work/registry/Dockerfile"
  docker build -q -t kritik-local/registry "$work/registry" > /dev/null
}

make_prometheus() {
  say "prometheus: Debian's package"
  mkdir -p "$work/prometheus/root"
  (cd "$work/prometheus" && apt-get download prometheus > /dev/null && dpkg -x prometheus_*.deb root)
  cp local/prometheus.Dockerfile "$work/prometheus/Dockerfile"
  docker build -q -t kritik-local/prometheus "$work/prometheus" > /dev/null
}

need docker docker.io
if [ $# -eq 0 ]; then set -- debian jdk kafka registry prometheus; fi
for name; do
  if missing "kritik-local/$name"; then "make_$name"; fi
done
docker image ls --filter 'reference=kritik-local/*' --format '{{.Repository}}  {{.Size}}' >&2
