#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the rules of ops/prometheus as a PrometheusRule, the form in which the Prometheus operator takes them, or into another
# FILE. A test compares the two.
#
#   deploy/kubernetes/generate.sh [FILE]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-$here/components/monitoring/prometheus-rules.yaml}
{
    cat << 'END'
# SPDX-License-Identifier: Apache-2.0
# Written by deploy/kubernetes/generate.sh out of ops/prometheus; don't edit.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: kritik
  labels:
    app.kubernetes.io/name: kritik
    app.kubernetes.io/part-of: kritik
spec:
  groups:
END
    for file in recording.yml alerts.yml; do
        sed -e '1,/^groups:/d' -e '/./s/^/  /' "$here/../../ops/prometheus/$file"
    done
} > "$to"
