/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.run.Evaluation;

/**
 * How often the policy is right, by known answers that no judge and no step of training ever sees: as it is sampled in
 * training, and with the likeliest token each time. The samples have the same seeds each time. The score is the former.
 */
final class GoldEvaluation {

    /** Names of its values. */
    static final String GOLD = "eval_gold";

    private static final String GREEDY = "eval_gold_greedy";

    private final List<Prompted> prompts;
    private final Policy policy;
    private final Sampling sampling;
    private final long seed;

    GoldEvaluation(List<Prompted> prompts, Policy policy, Sampling sampling, long seed) {
        this.prompts = prompts;
        this.policy = policy;
        this.sampling = sampling;
        this.seed = seed;
    }

    Evaluation evaluate() {
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            Prompted prompt = prompts.get(i);
            String id = prompt.question().id();
            requests.add(Policy.request(id, prompt.tokens(), sampling, Seeds.of(seed, "evaluation", i)));
            requests.add(Policy.request(id, prompt.tokens(), Sampling.greedy(sampling.maxTokens()), 0));
        }
        List<Generated> written = policy.write(version -> requests);
        int sampled = 0;
        int greedy = 0;
        for (int i = 0; i < prompts.size(); i++) {
            sampled += right(i, written.get(2 * i));
            greedy += right(i, written.get(2 * i + 1));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        double gold = (double) sampled / prompts.size();
        values.put(GOLD, gold);
        values.put(GREEDY, (double) greedy / prompts.size());
        return new Evaluation(gold, values);
    }

    private int right(int prompt, Generated response) {
        return prompts.get(prompt).question().isRight(response.text()) ? 1 : 0;
    }

    /**
     * The standard error of a share that it measured; as if one more answer had been right and one more wrong, so that it is not
     * 0 where all or none of them are right (Agresti, Coull, 1998, for one error instead of two).
     */
    double error(double share) {
        double n = prompts.size() + 2;
        double near = (share * prompts.size() + 1) / n;
        return Math.sqrt(near * (1 - near) / n);
    }
}
