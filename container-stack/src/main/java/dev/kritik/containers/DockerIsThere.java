/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Skips each test class, and has it counted as skipped, where no Docker is within reach. JUnit finds it by itself. */
public final class DockerIsThere implements ExecutionCondition {

    /** Asked once for all classes of this JVM. */
    private static final class Holder {
        static final boolean THERE = DockerClientFactory.instance().isDockerAvailable();

        private Holder() {}
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Holder.THERE
                ? ConditionEvaluationResult.enabled("Docker is within reach")
                : ConditionEvaluationResult.disabled("no Docker is within reach (DOCKER_HOST)");
    }
}
