/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The wordings of a judge's prompt. Each is frozen: scores of different wordings can't be compared, so a change of words is a
 * new version.
 */
public enum PromptVersion {

    /** Rules, criteria, texts and the form of the answer, for models that have not been trained for the task. */
    CRITIQUE_V1("critique-v1"),

    /** The texts alone, for small models that have been trained on this very form. It takes no code. */
    BRIEF_V1("brief-v1");

    private final String label;

    PromptVersion(String label) {
        this.label = label;
    }

    /** The name in critiques and configuration; also of the file in which the wording stands. */
    public String label() {
        return label;
    }

    /**
     * The version of this name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static PromptVersion of(String label) {
        return Arrays.stream(values())
                .filter(version -> version.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no prompt '" + label + "'; there are "
                        + Arrays.stream(values()).map(PromptVersion::label).collect(Collectors.joining(", "))));
    }
}
