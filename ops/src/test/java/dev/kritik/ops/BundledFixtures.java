/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.kritik.ops.generate.Models;
import dev.kritik.worker.judge.djl.JudgeFile;
import dev.kritik.worker.prompt.PromptVersion;

/** A home of Kritik for a test, with tiny random models under the names of those that come with it, or with none. */
public final class BundledFixtures {

    private BundledFixtures() {}

    /** Does something without models, whatever the repository holds. */
    public static <T> T none(Path home, Callable<T> body) throws Exception {
        String before = System.getProperty(Models.HOME);
        System.setProperty(Models.HOME, home.toString());
        try {
            return body.call();
        } finally {
            if (before == null) {
                System.clearProperty(Models.HOME);
            } else {
                System.setProperty(Models.HOME, before);
            }
        }
    }

    /** Does something with judge and Meta RM; the judge says that it was trained on the brief prompt. */
    public static <T> T tiny(Path home, Callable<T> body) throws Exception {
        Path models = Files.createDirectories(home.resolve("models"));
        JudgeFile.write(
                TinyCheckpoints.withLongContext("llama", models.resolve("kritik-nano")), PromptVersion.BRIEF_V1);
        TinyCheckpoints.withLongContext("llama-score", models.resolve("kritik-nano-meta"));
        return none(home, body);
    }
}
