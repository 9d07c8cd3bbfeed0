#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds an older version of Kritik out of this repository's history, for 'kritik faults run --faults upgrade --previous DIR'.
#
#   ops/faults/previous.sh COMMIT DIR
#
# DIR, which must be new or empty, gets: commit, classpath (for java -cp), keys (the configuration keys that it knows), and lib.
# Takes some minutes, and a JDK of version 21 or newer as Maven finds it.
set -euo pipefail

if [ $# -ne 2 ]; then
  sed -n '3,9p' "$0" | sed 's/^# \{0,1\}//' >&2
  exit 2
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
commit=$(git -C "$root" rev-parse --verify --quiet "$1^{commit}") || {
  echo "previous.sh: '$1' is no commit of $root" >&2
  exit 2
}
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
if [ -n "$(ls -A "$dir")" ]; then
  echo "previous.sh: '$dir' is not empty" >&2
  exit 2
fi

echo "building $commit; log: $dir/build.log" >&2
git clone --quiet --shared --no-checkout "$root" "$dir/source"
git -C "$dir/source" checkout --quiet --detach "$commit"
(cd "$dir/source" &&
  ./mvnw -ntp package -Dkritik.lib="$dir/lib" -Dmaven.test.skip=true -Dspotless.check.skip=true) >"$dir/build.log" 2>&1 || {
  tail -n 25 "$dir/build.log" >&2
  exit 1
}

printf '%s\n' "$dir"/lib/*.jar | paste -sd: - >"$dir/classpath"
# The reference has a table of keys: | `key` | type | ...; keys with a name in them have a NAME.
"${JAVA:-java}" -version 2>&1 | grep -Eq 'version "(2[1-9]|[3-9][0-9])' || {
  for home in ${JAVA_HOME:-} /usr/lib/jvm/*; do
    if [ -x "$home/bin/java" ] && "$home/bin/java" -version 2>&1 | grep -Eq 'version "(2[1-9]|[3-9][0-9])'; then
      JAVA=$home/bin/java
      break
    fi
  done
}
"${JAVA:-java}" -cp "$(cat "$dir/classpath")" dev.kritik.ops.Kritik config |
  sed -n 's/^| `\([^`]*\)` |.*/\1/p' >"$dir/keys"
echo "$commit" >"$dir/commit"
rm -rf "$dir/source"
echo "built: $dir" >&2
