/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;

/** What the tests of sources share. */
final class Fixtures {

    static final String TOPIC = "critique-requests";

    private Fixtures() {}

    static SourceSettings settings(int slots, int attempts, Duration revokeGrace) {
        return new SourceSettings(
                TOPIC,
                "group",
                "test",
                slots,
                attempts,
                new Backoff(Duration.ofMillis(2), Duration.ofMillis(4)),
                revokeGrace,
                new KafkaSettings(Map.of("bootstrap.servers", "unused:1"), new Topics("")));
    }

    /** A call that a source made, and the future that decides how it ends. */
    record Call(boolean givingUp, Task task, CompletableFuture<Void> work) {}

    /** A handler whose work the test ends. */
    static final class ManualHandler implements TaskHandler {
        final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<Void> handle(Task task) {
            return call(false, task);
        }

        @Override
        public CompletableFuture<Void> giveUp(Task task, Throwable why) {
            return call(true, task);
        }

        private CompletableFuture<Void> call(boolean givingUp, Task task) {
            CompletableFuture<Void> work = new CompletableFuture<>();
            calls.add(new Call(givingUp, task, work));
            return work;
        }
    }
}
