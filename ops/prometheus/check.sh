#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks rules and dashboards with real programs: promtool (syntax, and the alerts' tests), then a real Prometheus against a real
# installation, for every query of the dashboards and the rules (a few minutes; broker, registry and all roles are started).
# Needs promtool and prometheus on the PATH, or in the folder that KRITIK_PROMETHEUS names (Debian: package prometheus).
#
#   ops/prometheus/check.sh          all of it
#   ops/prometheus/check.sh --rules  promtool only
set -eu
cd "$(dirname "$0")"
if [ -n "${KRITIK_PROMETHEUS:-}" ]; then
    PATH="$KRITIK_PROMETHEUS:$PATH"
fi
for program in promtool prometheus; do
    if ! command -v "$program" > /dev/null; then
        echo "check.sh: $program is not installed: nothing was checked (Debian: apt-get install prometheus)" >&2
        exit 2
    fi
done
promtool check config prometheus.yml
promtool test rules tests/alerts_test.yml
if [ "${1:-}" = --rules ]; then
    exit 0
fi
cd ../..
./mvnw -ntp -pl ops -am verify -Dkritik.slow=true -Dtest=RulesTest,DashboardsTest,LiveQueriesTest -Dsurefire.failIfNoSpecifiedTests=false
