/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Map;

import dev.kritik.ops.local.JudgeChoice;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.djl.DjlJudge;
import dev.kritik.worker.meta.MetaConfig;

/** The options that name the paradigm, and the model that only one of them has. */
final class ParadigmOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--paradigm",
            paramLabel = "NAME",
            description =
                    "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}, which is what the workers serve. With scalar,"
                            + " --model has a scalar head; else it writes.",
            defaultValue = "generative")
    private ParadigmName name;

    @Option(
            names = "--score-model",
            paramLabel = "NAME",
            description = "With --paradigm semi-scalar: the model with the scalar head, which reads the critiques.")
    private String scoreModel;

    ParadigmName name() {
        return name;
    }

    /** @throws ParameterException if an option was given that the pipeline does not have */
    void checkPipeline() {
        if (scoreModel != null) {
            throw wrong("--score-model is for --paradigm semi-scalar");
        }
    }

    /**
     * The keys of the models.
     *
     * @param judging the configuration with the judge's options over it
     * @throws ParameterException if options contradict each other
     */
    Map<String, String> models(Map<String, String> judging) {
        boolean semiScalar = name == ParadigmName.SEMI_SCALAR;
        if (!judging.get(JudgeConfig.KIND).equals(DjlJudge.KIND)) {
            throw wrong("--paradigm " + name + " runs on models in this process: leave out --judge");
        }
        if (!judging.getOrDefault(MetaConfig.KIND, MetaConfig.NONE).equals(MetaConfig.NONE)) {
            throw wrong("--paradigm " + name + " has no Meta RM: leave out --meta, or give --set worker.meta=none");
        }
        if (!JudgeChoice.named(judging)) {
            throw wrong("--paradigm " + name + " needs --model: a folder, or org/name");
        }
        if (semiScalar && scoreModel == null) {
            throw wrong(
                    "--paradigm semi-scalar needs --score-model: a model with a scalar head, which reads the critiques");
        }
        if (!semiScalar && scoreModel != null) {
            throw wrong("--paradigm " + name + " has one model: leave out --score-model");
        }
        return ParadigmEval.config(name, judging, scoreModel);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
