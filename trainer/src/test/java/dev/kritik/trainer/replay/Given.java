/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.replay.Assembly.Taken;

/** Groups and critiques for tests. */
final class Given {

    static final GroupKey GROUP = new GroupKey("job", "q", 0);

    private Given() {}

    static Rollout.Builder rollout(GroupKey key, int index, String label, String... responses) {
        return Rollout.newBuilder()
                .setJobId(key.job())
                .setGroupId(key.group())
                .setGroupAttempt(key.attempt())
                .setIndex(index)
                .setGroupSize(responses.length)
                .setMessages(List.of(new Message("user", "Which is right in " + key.group() + "?")))
                .setResponse(responses[index])
                .setLabel(label)
                .setMetadata(Map.of("domain", "math"));
    }

    static List<Rollout> rollouts(GroupKey key, String label, String... responses) {
        List<Rollout> rollouts = new ArrayList<>();
        for (int index = 0; index < responses.length; index++) {
            rollouts.add(rollout(key, index, label, responses).build());
        }
        return rollouts;
    }

    static Assembly assembly(List<Rollout> rollouts) {
        List<Taken> taken = new ArrayList<>();
        for (Rollout rollout : rollouts) {
            taken.add(new Taken(rollout, new Position(0, taken.size())));
        }
        return Assembly.of(GROUP, taken);
    }

    static LabelledGroup group(String label, String... responses) {
        return assembly(rollouts(GROUP, label, responses)).group().orElseThrow();
    }

    static Critique.Builder critique(GroupKey key, int sample, List<Integer> order, int... scores) {
        List<MemberScore> read = new ArrayList<>();
        for (int place = 0; place < scores.length; place++) {
            read.add(new MemberScore(order.get(place), scores[place]));
        }
        return Critique.newBuilder()
                .setJobId(key.job())
                .setGroupId(key.group())
                .setGroupAttempt(key.attempt())
                .setPanel(0)
                .setSample(sample)
                .setRequestId("request")
                .setStatus(CritiqueStatus.OK)
                .setScores(read)
                .setOrder(order)
                .setRawText("Analysis of sample " + sample + ".\nScores: \\boxed{"
                        + IntStream.of(scores).mapToObj(Integer::toString).collect(Collectors.joining(", ")) + "}")
                .setJudge("test")
                .setModel("model")
                .setPromptVersion("critique-v1")
                .setSeed(7)
                .setAttempt(1)
                .setStartedMs(1)
                .setJudgeMs(1)
                .setFinishedMs(2)
                .setWorker("worker")
                .setDelivery(1);
    }

    static Critique.Builder unread(GroupKey key, int sample, List<Integer> order, String reason, String text) {
        return critique(key, sample, order)
                .setStatus(text == null ? CritiqueStatus.FAILED : CritiqueStatus.INVALID)
                .setReason(reason)
                .setRawText(text);
    }

    static List<Trajectory> trajectories(Critique.Builder... critiques) {
        List<Trajectory> trajectories = new ArrayList<>();
        for (Critique.Builder critique : critiques) {
            trajectories.add(new Trajectory(critique.build(), new Position(0, 100 + trajectories.size())));
        }
        return trajectories;
    }
}
