# SPDX-License-Identifier: Apache-2.0
"""Times transformers' ``generate`` on the CPU: k samples of one prompt, as the other side of the generation benchmark.

For each k one line of JSON is printed: the median over the repeats of the seconds that a call took, prompt included,
and k times the new tokens over it as tokens/s. Loading the model and the first call, which warms up, don't count.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, CompileConfig, DynamicCache, GenerationConfig, PreTrainedModel


def generation_config(new_tokens: int, k: int, compiled: bool) -> GenerationConfig:
    """Plain sampling of exactly ``new_tokens``: no end-of-text, nothing cut off the distribution."""
    config = GenerationConfig(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        num_return_sequences=k,
        min_new_tokens=None,
        max_new_tokens=new_tokens,
        eos_token_id=None,
        pad_token_id=0,
        use_cache=True,
    )
    if compiled:
        config.cache_implementation = "static"
        config.compile_config = CompileConfig(mode="default", dynamic=False)
        # transformers compiles on GPUs alone unless this is set.
        config.compile_config._compile_all_devices = True
    return config


def seconds_of(call: Callable[[], None]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def bench(model: PreTrainedModel, args: argparse.Namespace, k: int) -> dict[str, object]:
    """Times one k: ``args.repeats`` calls after one that warms up."""
    prompt = torch.randint(0, model.config.vocab_size, (1, args.prompt_tokens))
    mask = torch.ones_like(prompt)
    rows = 1 if args.way == "separate" else k
    config = generation_config(args.new_tokens, 1 if args.way == "shared-prefix" else rows, args.compile)

    def generate() -> torch.Tensor:
        if args.way != "shared-prefix":
            return model.generate(prompt, attention_mask=mask, generation_config=config)
        # The prompt but for its last token, which generate itself must see.
        cache = DynamicCache(config=model.config)
        model(prompt[:, :-1], past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache.batch_repeat_interleave(k)
        return model.generate(
            prompt.repeat(k, 1), attention_mask=mask.repeat(k, 1), past_key_values=cache, generation_config=config
        )

    def once() -> None:
        for _ in range(k // rows):
            out = generate()
            expected = (rows, args.prompt_tokens + args.new_tokens)
            if tuple(out.shape) != expected:
                raise RuntimeError(f"generate gave {tuple(out.shape)} tokens instead of {expected}")

    warm_up = seconds_of(once)
    times = [seconds_of(once) for _ in range(args.repeats)]
    median = statistics.median(times)
    return {
        "what": "transformers" + ("-compiled" if args.compile else ""),
        "way": args.way,
        "model": args.model.name,
        "parameters": model.num_parameters(),
        "k": k,
        "prompt": args.prompt_tokens,
        "new": args.new_tokens,
        "threads": args.threads,
        "dtype": args.dtype,
        "attention": args.attention,
        "seconds": round(median, 4),
        "tokens_per_s": round(k * args.new_tokens / median, 1),
        "all_seconds": [round(t, 4) for t in times],
        "warm_up_seconds": round(warm_up, 4),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="checkpoint folder")
    parser.add_argument("--prompt-tokens", type=int, default=32)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--k", default="1,8,32", help="samples of the prompt, comma-separated")
    parser.add_argument("--threads", type=int, default=2, help="of one operation; no more than free cores")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--attention", choices=("sdpa", "eager"), default="sdpa")
    parser.add_argument(
        "--way",
        choices=("batch", "separate", "shared-prefix"),
        default="batch",
        help="batch: one call with num_return_sequences=k, as users do it; separate: k calls of one sample, one after "
        "another; shared-prefix: the prompt's cache computed once and repeated by hand",
    )
    parser.add_argument(
        "--separate", action="store_const", const="separate", dest="way", help="the same as --way separate"
    )
    parser.add_argument("--compile", action="store_true", help="static cache and torch.compile; needs a C++ compiler")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.way == "shared-prefix" and (args.compile or args.prompt_tokens < 2):
        parser.error("--way shared-prefix needs a prompt of at least 2 tokens and no --compile")
    return args


def main() -> None:
    """Loads the model once and times every k."""
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(
        args.model, dtype=getattr(torch, args.dtype), attn_implementation=args.attention
    ).eval()
    # The call's own configuration is to be the only one.
    model.generation_config = GenerationConfig()
    with torch.inference_mode():
        for k in map(int, args.k.split(",")):
            print(json.dumps(bench(model, args, k)), flush=True)


if __name__ == "__main__":
    main()
