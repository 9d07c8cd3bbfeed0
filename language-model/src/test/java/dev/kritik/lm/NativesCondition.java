/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.util.Locale;
import java.util.Set;

/**
 * Skips, and says so, the tests of packages that call native libraries which are not there: PyTorch's come with the
 * profiles djl and djl-cuda, those of the tokenizers with DJL for most platforms. Registered for all tests of this module.
 */
public final class NativesCondition implements ExecutionCondition {

    private static final Set<String> NEED_PYTORCH = Set.of(
            "dev.kritik.lm",
            "dev.kritik.lm.generate",
            "dev.kritik.lm.score",
            "dev.kritik.lm.torch",
            "dev.kritik.lm.train");
    private static final Set<String> NEED_TOKENIZERS = Set.of("dev.kritik.lm.text");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String tests = context.getRequiredTestClass().getPackageName();
        if (NEED_PYTORCH.contains(tests) && !there("/native/lib/pytorch.properties")) {
            return ConditionEvaluationResult.disabled("PyTorch's natives are not in this build: run with -Pdjl");
        }
        String platform = platform();
        if (NEED_TOKENIZERS.contains(tests) && !there("/native/lib/" + platform + "/cpu")) {
            return ConditionEvaluationResult.disabled("DJL's tokenizers have no natives for " + platform);
        }
        return ConditionEvaluationResult.enabled("what it calls is there");
    }

    /** This machine, as DJL names it. */
    private static String platform() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "osx" : name.startsWith("win") ? "win" : "linux";
        String machine = System.getProperty("os.arch");
        return system + "-" + (machine.equals("amd64") ? "x86_64" : machine);
    }

    private static boolean there(String resource) {
        return NativesCondition.class.getResource(resource) != null;
    }
}
