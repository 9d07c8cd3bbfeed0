/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/**
 * Groups of made-up texts. No two responses are equal, for equal ones would be judged once. The same fields give the same
 * texts, job and group ids aside.
 *
 * @param jobId the job; groups are {@code g0}, {@code g1}, ...
 * @param groups how many
 * @param groupSize members of each
 * @param published how many of them are published, from index 0: with fewer than there are the group stays open
 * @param responseChars characters of each response, about; at least 16
 * @param k samples of critiques
 * @param panelSize most responses in one prompt
 * @param goal fixed, best or advantages
 */
public record MadeUp(
        String jobId, int groups, int groupSize, int published, int responseChars, int k, int panelSize, String goal)
        implements Workload {

    private static final String QUERY =
            "Explain to a colleague why the trains on this line are late in autumn, and what could be done about it"
                    + " within a year. Give reasons, and say how sure you are of each. Question number ";

    private static final String[] WORDS =
            ("the a of to in that it was for on are with as at be this have from or one had"
                            + " by but not what all were when we there can an your which their said if do will each about how up out"
                            + " them then she many some so these would other into has more her two like him see time could no make"
                            + " than first been its who now people my made over did down only way find use may water long little"
                            + " very after words called just where most know leaves rails wheels drivers winter brakes timetable")
                    .split(" ", -1);

    /** All members of each group are published. */
    public static MadeUp whole(
            String jobId, int groups, int groupSize, int responseChars, int k, int panelSize, String goal) {
        return new MadeUp(jobId, groups, groupSize, groupSize, responseChars, k, panelSize, goal);
    }

    @Override
    public List<Rollout> group(int number) {
        List<Message> messages = List.of(new Message("user", QUERY + number));
        List<Rollout> members = new ArrayList<>();
        for (int index = 0; index < published; index++) {
            members.add(Rollout.newBuilder()
                    .setJobId(jobId)
                    .setGroupId("g" + number)
                    .setGroupSize(groupSize)
                    .setIndex(index)
                    .setMessages(messages)
                    .setResponse(text(number, index))
                    .setK(k)
                    .setPanelSize(panelSize)
                    .setGoal(goal)
                    .build());
        }
        return members;
    }

    private String text(int number, int index) {
        return prose("Answer " + number + "." + index, responseChars, 31L * number + index);
    }

    /**
     * Words by chance, which shrink by compression about as prose does; a repeated sentence would shrink to nothing.
     *
     * @param beginning what it begins with
     * @param chars its length, about
     * @param seed of the words
     */
    public static String prose(String beginning, int chars, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(chars + 16).append(beginning);
        while (text.length() < chars) {
            text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
