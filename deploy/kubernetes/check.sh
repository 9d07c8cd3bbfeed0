#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Renders every overlay and checks the result with real programs. Exit code 1 if something is wrong, 2 if nothing is wrong and a
# program was missing, so that a check was left out.
#
#   kustomize or kubectl          renders
#   kubernetes-validate (PyPI)    against the schemas of Kubernetes, unknown fields refused
#   python3 with jsonschema and PyYAML, and the custom resource definitions: in the folders that KRITIK_CRDS names, separated
#     by ':', or, with go, out of KEDA's and the Prometheus operator's modules
#   kube-score (go install github.com/zegl/kube-score/cmd/kube-score@latest): policies
#   promtool                      the rules, as the operator gets them
set -eu
cd "$(dirname "$0")"
overlays="try production production-gpu"
# The oldest and the newest version of Kubernetes that is checked: 1.33 to what kubernetes-validate knows last.
versions="1.33.0 1.37.0"
keda=github.com/kedacore/keda/v2@v2.21.0
operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
# Why not: images have fixed tags (pull policy); a limit of CPU throttles (each manifest says what that costs); exporter and
# dashboard have one pod; topologySpreadConstraints spread the pods, which it does not look at.
ignored=container-image-pull-policy,deployment-replicas,deployment-has-host-podantiaffinity,statefulset-has-host-podantiaffinity

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
missing=0

say() { printf '%s\n' "$*"; }
absent() { say "LEFT OUT  $1"; missing=1; }
check() {
    what=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        say "ok        $what"
    else
        say "FAILED    $what"
        sed 's/^/          /' "$work/log"
        failed=1
    fi
}
has() { command -v "$1" > /dev/null 2>&1; }

check "rules are those of ops/prometheus" sh -c "./generate.sh '$work/rules.yaml' && diff components/monitoring/prometheus-rules.yaml '$work/rules.yaml'"

if has kustomize; then
    render() { kustomize build "$1"; }
elif has kubectl; then
    render() { kubectl kustomize "$1"; }
else
    say "neither kustomize nor kubectl is installed: nothing can be rendered"
    exit 2
fi
for overlay in $overlays; do
    rendered() { render "overlays/$overlay" > "$work/$overlay.yaml"; }
    check "$overlay renders" rendered
done

if has kubernetes-validate; then
    for overlay in $overlays; do
        for version in $versions; do
            check "$overlay is valid for Kubernetes $version" kubernetes-validate --strict --quiet --no-warn -k "$version" "$work/$overlay.yaml"
        done
    done
else
    absent "schemas of Kubernetes: kubernetes-validate is not installed (pip install kubernetes-validate)"
fi

crds=${KRITIK_CRDS:-}
if [ -z "$crds" ] && has go; then
    for module in $keda $operator; do
        # In an empty folder: a go.mod around this one would have its say.
        folder=$(cd "$work" && go mod download -json "$module" | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')
        crds=$crds:$folder/config/crd/bases:$folder/example/prometheus-operator-crd
    done
fi
if [ -z "$crds" ]; then
    absent "custom resources: name folders with their definitions in KRITIK_CRDS, or install go"
elif ! python3 -c 'import jsonschema, yaml' 2> /dev/null; then
    absent "custom resources: python3 lacks jsonschema or PyYAML"
else
    # shellcheck disable=SC2046,SC2086 # folders are split at ':'
    custom() { (IFS=:; set -- $crds; unset IFS; python3 crds.py "$@" -- $(for o in $overlays; do echo "$work/$o.yaml"; done)); }
    check "custom resources are valid" custom
fi

if has kube-score; then
    for overlay in production production-gpu; do
        # It knows nothing of custom kinds and stops at them.
        awk 'BEGIN { RS = "---\n"; ORS = "---\n" } !/apiVersion: (keda|monitoring)\./' "$work/$overlay.yaml" > "$work/$overlay-core.yaml"
        check "$overlay keeps to policies" kube-score score --ignore-container-cpu-limit --ignore-test "$ignored" "$work/$overlay-core.yaml"
    done
else
    absent "policies: kube-score is not installed"
fi

if [ -n "${KRITIK_PROMETHEUS:-}" ]; then
    PATH="$KRITIK_PROMETHEUS:$PATH"
fi
if has promtool; then
    sed -e '1,/^spec:/d' -e 's/^  //' components/monitoring/prometheus-rules.yaml > "$work/rules.yml"
    check "promtool reads the rules" promtool check rules "$work/rules.yml"
else
    absent "rules: promtool is not installed (Debian: prometheus)"
fi

if [ "$failed" = 1 ]; then exit 1; fi
if [ "$missing" = 1 ]; then exit 2; fi
