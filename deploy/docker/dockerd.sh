#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A Docker daemon of one's own beside whatever else runs on the machine, with all it has in one folder; as root.
#   deploy/docker/dockerd.sh start DIR    prints the DOCKER_HOST to use; further arguments go to dockerd, such as
#                                         --storage-driver vfs (no overlay file system) or --iptables=false (then only host networking)
#   deploy/docker/dockerd.sh stop DIR     ends it and its containers, by its process id; delete DIR to delete its images
set -eu
verb=${1:-}
dir=${2:-}
if [ -z "$dir" ]; then sed -n '3,7s/^# *//p' "$0" >&2; exit 2; fi
case $verb in
  start)
    shift 2
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    nohup dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.pid" -H "unix://$dir/docker.sock" \
      "$@" > "$dir/dockerd.log" 2>&1 &
    pid=$!
    until docker -H "unix://$dir/docker.sock" info > /dev/null 2>&1; do
      if ! kill -0 "$pid" 2> /dev/null; then
        tail -n 15 "$dir/dockerd.log" >&2
        exit 1
      fi
      sleep 0.5
    done
    echo "unix://$dir/docker.sock"
    ;;
  stop)
    pid=$(cat "$dir/dockerd.pid")
    containers=$(docker -H "unix://$dir/docker.sock" ps -q)
    # shellcheck disable=SC2086 # one word each
    if [ -n "$containers" ]; then docker -H "unix://$dir/docker.sock" stop -t 10 $containers > /dev/null; fi
    kill "$pid"
    while kill -0 "$pid" 2> /dev/null; do sleep 0.2; done
    ;;
  *)
    echo "dockerd.sh: start or stop, not '$verb'" >&2
    exit 2
    ;;
esac
