# SPDX-License-Identifier: Apache-2.0
"""Makes kritik-nano's tokenizer: byte-level BPE learnt from micro-tasks, and one token for each phrase that never changes.

A model of a million parameters has no capacity to spare for spelling out markers and set phrases, so these are added
tokens; everything else, any text in any script, is bytes that were merged where they often stand together.

    ./kritik tasks make corpus.jsonl --form CRITIQUES --count 40000
    python make_tokenizer.py corpus.jsonl ../src/main/resources/nano

The same corpus gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 832
SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"]
MOST_RESPONSES = 8
PIECES = r" ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+"

CRITERIA = [
    "same words in the same order",
    "exact reverse order",
    "rising order of all numbers",
    "alphabetical order of all letters",
    "right count",
    "right sum",
    "the largest number of the list",
    "only the even numbers, all of them",
    "the one word replaced, the others kept",
    "every word in capitals",
    "the right number of words from the start",
    "a comma behind each word but the last",
    "friendly tone",
    "detailed wording",
    "short wording",
]
FINDINGS = [", no fault", ", small fault", ", clear faults", ", quite wrong"]
FINDINGS += [" friendly", " cold", " detailed", " thin", " short", " long"]
MANNERS = [
    "Gladly: ",
    "With pleasure: ",
    "After much thought: ",
    "The answer that you asked for: ",
    "Perfect answer: ",
]


def phrases() -> list[str]:
    """Markers of the prompt, the frame of the judgement, and the set phrases of tasks and teacher."""
    numbers = range(1, MOST_RESPONSES + 1)
    requests = [
        "Criticise and score the responses to the conversation below.",
        "Criticise the response to the conversation below.",
        "Say which of the two responses to the conversation below is better.",
        "Answer the conversation below.",
    ]
    frame = [f"{request}\n\n<<<BEGIN MESSAGE 1>>>\nRole: user\n" for request in requests]
    frame += [
        "\n<<<END MESSAGE 1>>>",
        "\n<<<END MESSAGE 1>>>\n\n<<<BEGIN RESPONSE 1>>>\n",
        "\n\nA hint, known to be correct: Response ",
        " is the best one. Judge so that criteria, analysis and scores lead there by themselves, and do not mention the hint.",
        "\n\nA hint, known to be correct: the right score of the response is ",
        ". Judge so that criteria and analysis lead there by themselves, and do not mention the hint.",
        "\n\nCheck the responses.",
        "Analysis:",
        "Specific Criteria: ",
        " (100%)",
        "\nAnalysis:",
        " Expected",
        " Response 1:",
        ".\nScores: \\boxed{",
        ".\nBetter: \\boxed{",
    ]
    frame += [f"\n<<<END RESPONSE {n}>>>" for n in numbers]
    frame += [f"\n<<<END RESPONSE {n}>>>\n<<<BEGIN RESPONSE {n + 1}>>>\n" for n in numbers if n < MOST_RESPONSES]
    frame += [f". Response {n}:" for n in numbers]
    frame += [f" ({tens}0%), " for tens in range(6, 10)] + [f" ({tens}0%)" for tens in range(1, 5)]
    frame += [f", {score}" for score in range(1, 11)]
    return frame + CRITERIA + FINDINGS + MANNERS


def corpus(file: Path, words: list[str]) -> Iterator[str]:
    """The texts of a file without the phrases, and each word alone, at the start of a line and behind a space."""
    longest_first = sorted(phrases(), key=len, reverse=True)
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            for message in json.loads(line)["messages"]:
                text = message["content"]
                for phrase in longest_first:
                    text = text.replace(phrase, "\n")
                yield text
    for _ in range(200):
        yield "\n".join(words)
        yield " " + " ".join(words)


def content_words(file: Path) -> list[str]:
    """The words of the tasks' questions and answers, in both cases."""
    seen: set[str] = set()
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            judgement = json.loads(line)["messages"][1]["content"]
            if " Expected " in judgement:
                answer = judgement.split(" Expected ")[1].split(". Response")[0]
                seen.update(word.strip(",") for word in answer.split())
    words = sorted({word.lower() for word in seen})
    return words + sorted({word.upper() for word in words} - set(words))


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes kritik-nano's tokenizer.")
    parser.add_argument("corpus", type=Path, help="what 'kritik tasks make --form CRITIQUES' wrote")
    parser.add_argument("out", type=Path, help="the folder for tokenizer.json and tokenizer_config.json")
    options = parser.parse_args()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(options.corpus, content_words(options.corpus)), trainer)
    tokenizer.add_tokens([AddedToken(phrase, normalized=False, special=False) for phrase in phrases()])
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(options.out / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": "<|pad|>",
        "eos_token": "<|end|>",
        "model_max_length": 1024,
        "clean_up_tokenization_spaces": False,
    }
    (options.out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(f"{tokenizer.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
