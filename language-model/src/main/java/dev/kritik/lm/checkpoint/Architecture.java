/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.kritik.lm.checkpoint.ModelConfig.Family;
import dev.kritik.lm.checkpoint.ModelConfig.Head;

/** What a config's {@code architectures} says. */
record Architecture(Family family, Head head) {

    /** @throws CheckpointException for one that isn't supported; names it, and those that are */
    static Architecture of(JsonFields config) {
        List<String> names = config.texts("architectures");
        if (names.isEmpty()) {
            throw new CheckpointException(config.where() + ": 'architectures' is missing; add it, for example"
                    + " [\"LlamaForCausalLM\"]. Supported: " + String.join(", ", supported()));
        }
        for (Architecture architecture : all()) {
            if (architecture.name().equals(names.get(0))) {
                architecture.check(config);
                return architecture;
            }
        }
        throw new CheckpointException(config.where() + ": the architecture " + String.join(", ", names)
                + " isn't supported. Supported: " + String.join(", ", supported()));
    }

    /** Someone renamed the architecture of another family's config: its defaults would not be ours. */
    private void check(JsonFields config) {
        String expected = family.name().toLowerCase(Locale.ROOT);
        if (!config.text("model_type").orElse(expected).equals(expected)) {
            throw config.wrong("model_type", expected + ", which belongs to " + name());
        }
    }

    String name() {
        String prefix = switch (family) {
            case LLAMA -> "Llama";
            case QWEN2 -> "Qwen2";
            case QWEN3 -> "Qwen3";
            case GEMMA2 -> "Gemma2";
        };
        return prefix + (head == Head.SCORE ? "ForSequenceClassification" : "ForCausalLM");
    }

    private static List<Architecture> all() {
        List<Architecture> all = new ArrayList<>();
        for (Head head : Head.values()) {
            for (Family family : Family.values()) {
                all.add(new Architecture(family, head));
            }
        }
        return all;
    }

    private static List<String> supported() {
        return all().stream().map(Architecture::name).toList();
    }
}
