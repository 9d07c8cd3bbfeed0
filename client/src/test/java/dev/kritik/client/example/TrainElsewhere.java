/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client.example;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import dev.kritik.client.Advantages;
import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupReader;
import dev.kritik.client.RewardedGroup;
import dev.kritik.schema.Rollout;

/**
 * Trains a policy somewhere else: reads the groups of a job with their rewards and advantages, gives them to a trainer batch
 * by batch, and goes on where it ended when it is started again.
 */
public final class TrainElsewhere {

    private static final int BATCH = 4;

    private TrainElsewhere() {}

    /** Your trainer stands here. */
    public interface Trainer {
        /** One step of the optimizer, which is saved when this returns. */
        void train(List<RewardedGroup> batch);
    }

    /** Arguments: a properties file, such as {@code kritik local} writes; the job; a file for the position. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: TrainElsewhere CONFIG.properties JOB POSITION.json");
            System.exit(2);
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
            properties.load(in);
        }
        Map<String, String> config = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> config.put(key, properties.getProperty(key)));
        run(config, args[1], Path.of(args[2]), Duration.ofSeconds(60), batch -> batch.forEach(TrainElsewhere::print));
    }

    /** Trains on each group once, until none has come for a while. */
    public static void run(Map<String, String> config, String job, Path file, Duration quiet, Trainer trainer)
            throws IOException {
        Optional<GroupPosition> stored =
                Files.exists(file) ? Optional.of(GroupPosition.fromJson(Files.readString(file))) : Optional.empty();
        try (GroupReader reader = GroupReader.open(config, job, stored, GroupReader.Start.EARLIEST)) {
            List<RewardedGroup> batch = new ArrayList<>();
            Optional<RewardedGroup> group;
            do {
                group = reader.next(quiet);
                group.ifPresent(batch::add);
                if (batch.size() == BATCH || (group.isEmpty() && !batch.isEmpty())) {
                    trainer.train(batch);
                    store(file, reader.position());
                    batch.clear();
                }
            } while (group.isPresent());
        }
    }

    private static void print(RewardedGroup group) {
        double[] advantages = group.advantages(Advantages.GRPO);
        System.out.println(group.id() + " " + group.reward().getStatus() + " rewards "
                + Arrays.toString(group.rewards()) + " advantages " + Arrays.toString(advantages));
        for (int i = 0; i < group.size(); i++) {
            Optional<Rollout> rollout = group.rollout(i);
            if (Double.isNaN(advantages[i]) || rollout.isEmpty()) {
                continue; // no judgement, or no text any more: nothing to learn from
            }
            List<Integer> tokens = rollout.get().getResponseTokenIds();
            System.out.println("  " + i + ": " + (tokens == null ? "no" : tokens.size()) + " tokens");
        }
    }

    /** The old file or the new one, whatever happens. */
    private static void store(Path file, GroupPosition position) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(position.toJson().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
