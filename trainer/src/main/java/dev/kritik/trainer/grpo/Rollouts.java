/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.kritik.client.GroupId;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.train.Sequence;
import dev.kritik.schema.Rollout;

/** What was written as a record of the topic, and back. */
final class Rollouts {

    /** Key of the metadata: which query it answers. */
    static final String QUERY_ID = "query_id";

    private static final String FINISH_REASON = "finish_reason";
    private static final String CUT_OFF = "length";

    private Rollouts() {}

    static Rollout of(GroupId group, int index, Prompted prompt, Generated response, long version, GrpoConfig config) {
        return Rollout.newBuilder()
                .setJobId(group.jobId())
                .setGroupId(group.groupId())
                .setGroupAttempt(group.attempt())
                .setIndex(index)
                .setGroupSize(config.groupSize())
                .setMessages(prompt.question().messages())
                .setResponse(response.text())
                .setPolicyVersion(version)
                .setK(config.judging().k())
                .setGoal(config.judging().goal())
                .setPromptTokenIds(boxed(prompt.tokens()))
                .setResponseTokenIds(boxed(response.tokens()))
                .setResponseLogprobs(boxed(response.logProbs()))
                .setMetadata(Map.of(
                        QUERY_ID,
                        prompt.question().id(),
                        FINISH_REASON,
                        response.finish() == Finish.LENGTH ? CUT_OFF : "stop"))
                .build();
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static List<Float> boxed(float[] numbers) {
        List<Float> boxed = new ArrayList<>(numbers.length);
        for (float number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }

    /** Whether it was cut off at the limit. */
    static boolean truncated(Rollout rollout) {
        return CUT_OFF.equals(rollout.getMetadata().get(FINISH_REASON));
    }

    /** Prompt and response, as the policy read and wrote them. */
    static Sequence sequence(Rollout rollout) {
        List<Integer> prompt = rollout.getPromptTokenIds();
        List<Integer> response = rollout.getResponseTokenIds();
        int[] all = new int[prompt.size() + response.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < prompt.size() ? prompt.get(i) : response.get(i - prompt.size());
        }
        return new Sequence(all, prompt.size());
    }

    static float[] logProbs(Rollout rollout) {
        List<Float> boxed = rollout.getResponseLogprobs();
        float[] logProbs = new float[boxed.size()];
        for (int i = 0; i < logProbs.length; i++) {
            logProbs[i] = boxed.get(i);
        }
        return logProbs;
    }
}
