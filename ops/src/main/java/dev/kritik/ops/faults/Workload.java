/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.kritik.ops.faults.Parcel.Member;
import dev.kritik.ops.faults.Parcel.Misaddressed;
import dev.kritik.ops.faults.Parcel.Posting;
import dev.kritik.ops.faults.Parcel.Raw;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.ContractModel;

/**
 * What an installation is given: groups of all sizes and wishes, some of them late, doubled, contradicted or incomplete, and
 * records that nobody can use. Each parcel follows from seed and number alone. Safe for use by many threads.
 */
public final class Workload {

    /** How much of what there is. */
    public enum Mix {
        /** Everything. */
        ROUGH,
        /** Whole groups of four, on time: to measure. */
        STEADY
    }

    private static final List<String> WORDS = List.of(
            "river", "seven", "quiet", "über", "数", "lamp", "north", "twelve", "🙂", "glass", "winter", "paper", "echo",
            "naïve", "table", "stone", "orange", "fast", "letter", "cloud");
    private static final List<String> GOALS = List.of("fixed", "best", "advantages");
    private static final int MOST = 16;
    private static final int FRAME = 5;

    static {
        // Avro copies records of known classes only.
        var unused = ContractModel.of(Rollout.class);
    }

    private final long seed;
    private final String job;
    private final Mix mix;
    private final int longestResponse;

    /**
     * A workload.
     *
     * @param job the job_id of its groups; those through the gateway have {@code -http} behind
     * @param longestResponse stream.max.response.bytes of the installation
     */
    public Workload(long seed, String job, Mix mix, int longestResponse) {
        this.seed = seed;
        this.job = job;
        this.mix = mix;
        this.longestResponse = longestResponse;
    }

    /** The parcel of this number, from 0. */
    public Parcel parcel(long number) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + number);
        random.nextInt(); // the first draws of neighbouring seeds are alike
        if (mix == Mix.STEADY) {
            return new Parcel(number, false, null, onTime(random, group(random, number, 4, false), 0));
        }
        double kind = random.nextDouble();
        if (kind < 0.05) {
            return poison(random, number);
        }
        if (kind < 0.15) {
            List<Rollout> members = group(random, number, size(random), true);
            return new Parcel(number, true, 90_000L, onTime(random, members, 0));
        }
        List<Rollout> members = group(random, number, size(random), false);
        if (kind < 0.25) {
            return doubled(random, number, members);
        }
        if (kind < 0.29) {
            return contradicted(random, number, members);
        }
        if (kind < 0.33) {
            return incomplete(random, number, members);
        }
        if (kind < 0.36) {
            return late(random, number, members);
        }
        if (kind < 0.40) {
            return rejected(random, number, members);
        }
        if (kind < 0.43) {
            return again(random, number, members);
        }
        Long deadline = random.nextInt(4) > 0 ? null : Long.valueOf(20_000 + random.nextInt(100_000));
        return new Parcel(number, false, deadline, onTime(random, members, 500));
    }

    private static int size(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> 1;
            case 1, 2, 3, 4, 5 -> 2 + random.nextInt(3);
            case 6, 7, 8 -> 5 + random.nextInt(4);
            default -> 9 + random.nextInt(MOST - 8);
        };
    }

    private List<Rollout> group(Random random, long number, int size, boolean http) {
        List<Message> messages = List.of(new Message("user", "Say something of " + text(random, 8) + "."));
        boolean equal = size > 1 && random.nextInt(10) == 0;
        String goal = random.nextInt(3) == 0 ? null : GOALS.get(random.nextInt(GOALS.size()));
        Integer k = random.nextInt(3) == 0 ? null : Integer.valueOf(1 + random.nextInt(4));
        Integer panel = random.nextInt(4) == 0 ? Integer.valueOf(1 + random.nextInt(4)) : null;
        String same = text(random, 12);
        List<Rollout> members = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            String own = random.nextInt(40) == 0 ? "" : text(random, 3 + random.nextInt(40));
            members.add(Rollout.newBuilder()
                    .setJobId(http ? job + "-http" : job)
                    .setGroupId("g" + number)
                    .setIndex(index)
                    .setGroupSize(size)
                    .setMessages(messages)
                    .setResponse(equal && index < 2 ? same : own)
                    .setPolicyVersion(http ? null : Long.valueOf(number / 100))
                    .setGoal(mix == Mix.STEADY ? "fixed" : goal)
                    .setK(mix == Mix.STEADY ? Integer.valueOf(2) : k)
                    .setPanelSize(mix == Mix.STEADY ? null : panel)
                    .build());
        }
        return members;
    }

    private static List<Posting> onTime(Random random, List<Rollout> members, int spreadMs) {
        List<Rollout> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        List<Posting> postings = new ArrayList<>();
        for (Rollout member : shuffled) {
            postings.add(new Member(spreadMs == 0 ? 0 : random.nextInt(spreadMs), member));
        }
        return sorted(postings);
    }

    private static List<Posting> sorted(List<Posting> postings) {
        return postings.stream()
                .sorted(Comparator.comparingLong(Posting::afterMs))
                .toList();
    }

    /** Some members come again, word for word. */
    private static Parcel doubled(Random random, long number, List<Rollout> members) {
        List<Posting> postings = new ArrayList<>(onTime(random, members, 500));
        int copies = 1 + random.nextInt(3);
        for (int copy = 0; copy < copies; copy++) {
            postings.add(new Member(random.nextInt(8_000), members.get(random.nextInt(members.size()))));
        }
        return new Parcel(number, false, null, sorted(postings));
    }

    /** A member comes again with other words, or as of a group of another size, or after another conversation. */
    private static Parcel contradicted(Random random, long number, List<Rollout> members) {
        List<Posting> postings = new ArrayList<>(onTime(random, members, 200));
        Rollout.Builder other = Rollout.newBuilder(members.get(random.nextInt(members.size())));
        switch (random.nextInt(3)) {
            case 0 -> other.setResponse("something else: " + text(random, 5));
            case 1 -> other.setGroupSize(members.size() + 1);
            default -> other.setMessages(List.of(new Message("user", "Another question: " + text(random, 4))));
        }
        postings.add(new Member(random.nextInt(1_000), other.build()));
        return new Parcel(number, false, null, sorted(postings));
    }

    /** A member never comes. */
    private static Parcel incomplete(Random random, long number, List<Rollout> members) {
        List<Rollout> some = members.size() == 1 ? members : members.subList(0, members.size() - 1);
        return new Parcel(number, false, 8_000L + random.nextInt(8_000), onTime(random, some, 200));
    }

    /** A member comes when nobody waits for it any more. */
    private static Parcel late(Random random, long number, List<Rollout> members) {
        List<Posting> postings = new ArrayList<>(onTime(random, members.subList(0, members.size() - 1), 200));
        long deadline = 4_000L + random.nextInt(4_000);
        postings.add(new Member(deadline + 1_000 + random.nextInt(8_000), members.getLast()));
        return new Parcel(number, false, deadline, sorted(postings));
    }

    /** A member can't be used. */
    private Parcel rejected(Random random, long number, List<Rollout> members) {
        List<Rollout> all = new ArrayList<>(members);
        int index = random.nextInt(all.size());
        Rollout.Builder bad = Rollout.newBuilder(all.get(index));
        switch (random.nextInt(5)) {
            case 0 -> bad.setK(-1);
            case 1 -> bad.setGoal("worst");
            case 2 -> bad.setResponse("long ".repeat(longestResponse / 5 + 1));
            case 3 -> bad.setMessages(List.of());
            default -> bad.setPanelSize(-3);
        }
        all.set(index, bad.build());
        return new Parcel(number, false, null, onTime(random, all, 300));
    }

    /** The whole group comes anew, under a higher attempt, with other responses. */
    private static Parcel again(Random random, long number, List<Rollout> members) {
        List<Posting> postings = new ArrayList<>(onTime(random, members, 300));
        for (Rollout member : members) {
            postings.add(new Member(
                    2_000 + random.nextInt(2_000),
                    Rollout.newBuilder(member)
                            .setGroupAttempt(1)
                            .setResponse("anew: " + member.getResponse())
                            .build()));
        }
        return new Parcel(number, false, null, sorted(postings));
    }

    /** A record that nobody can use. */
    Parcel poison(Random random, long number) {
        byte[] key = utf8(job + "/p" + number);
        Rollout good = group(random, number, 1, false).getFirst();
        byte[] noise = new byte[FRAME + random.nextInt(200)];
        random.nextBytes(noise);
        noise[0] = 1; // Confluent's frame begins with 0
        byte[] unknown = noise.clone();
        unknown[0] = 0;
        unknown[1] = 0x7f; // an id of some two thousand millions
        Posting posting = switch (random.nextInt(8)) {
            case 0 -> new Raw(0, key, null, "no value");
            case 1 -> new Raw(0, key, new byte[0], "empty value");
            case 2 -> new Raw(0, key, noise, "not framed");
            case 3 -> new Raw(0, key, unknown, "unknown schema id");
            case 4 -> new Raw(0, null, noise, "no key");
            case 5 -> new Raw(0, new byte[] {(byte) 0xc3, 0x28, (byte) number}, noise, "key not UTF-8");
            case 6 ->
                new Member(
                        0,
                        Rollout.newBuilder(good)
                                .setGroupId("p" + number)
                                .setIndex(5)
                                .build());
            default -> new Misaddressed(0, job + "/somebody-else", good);
        };
        return new Parcel(number, false, null, List.of(posting));
    }

    /** Whether a rollout belongs to a group that is to be judged; otherwise nobody can use it. */
    static boolean isGroup(Rollout rollout) {
        return rollout.getGroupId().startsWith("g");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Random random, int words) {
        return String.join(
                " ",
                IntStream.range(0, words)
                        .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                        .toList());
    }
}
