# SPDX-License-Identifier: Apache-2.0
"""Kritik against transformers, in one run: both in turn, several rounds, ratios of the medians of each k."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def lines(command: list[str]) -> list[dict[str, object]]:
    """Runs a side of the comparison and reads its lines of JSON; what it says on stderr is seen as it comes."""
    env = os.environ | {"MALLOC_MMAP_THRESHOLD_": "262144"}
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f"this side ended with exit code {done.returncode}: {' '.join(command)}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main() -> None:
    """Runs both sides in turn, prints every line and then a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="checkpoint folder")
    parser.add_argument("--prompt-tokens", default="32")
    parser.add_argument("--new-tokens", default="128")
    parser.add_argument("--k", default="1,8,32")
    parser.add_argument("--threads", default="2")
    parser.add_argument("--repeats", default="3")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--against",
        choices=("transformers", "separate", "shared-prefix"),
        default="transformers",
        help="transformers' generate (batch k, or with its cache shared by hand), or our own generator with k prompts that have nothing in common",
    )
    args = parser.parse_args()
    options = ["--model", str(args.model), "--prompt-tokens", args.prompt_tokens, "--new-tokens", args.new_tokens]
    options += ["--k", args.k, "--threads", args.threads, "--repeats", args.repeats]
    ours = [str(ROOT / "kritik"), "bench", "generate", "--json", *options]
    other = [sys.executable, str(HERE / "hf_generate.py"), *options]
    if args.against == "separate":
        other = [*ours, "--separate"]
    elif args.against == "shared-prefix":
        other += ["--way", "shared-prefix"]
    found: dict[tuple[str, int], list[float]] = {}
    for _ in range(args.rounds):
        for side, command in (("kritik", ours), (args.against, other)):
            for line in lines(command):
                print(json.dumps(line), flush=True)
                found.setdefault((side, int(str(line["k"]))), []).append(float(str(line["tokens_per_s"])))
    print(f"\n{args.model.name}, prompt {args.prompt_tokens}, {args.new_tokens} new tokens, {args.threads} threads")
    print(f"| k | kritik, tokens/s | {args.against}, tokens/s | ratio |\n|---|---|---|---|")
    for k in sorted({k for _, k in found}):
        mine, theirs = statistics.median(found["kritik", k]), statistics.median(found[args.against, k])
        print(f"| {k} | {mine:.0f} | {theirs:.0f} | {mine / theirs:.2f} |")


if __name__ == "__main__":
    main()
