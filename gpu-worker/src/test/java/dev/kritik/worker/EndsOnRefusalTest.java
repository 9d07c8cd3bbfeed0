/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.task.Task;
import dev.kritik.worker.task.TaskHandler;

class EndsOnRefusalTest {

    private static final Task TASK = new Task("critique-requests", 0, 1, null, null, new RecordHeaders(), 1);

    private final CompletableFuture<Void> work = new CompletableFuture<>();
    private final List<String> ends = new ArrayList<>();
    private final EndsOnRefusal handler = new EndsOnRefusal(
            new TaskHandler() {
                @Override
                public CompletableFuture<Void> handle(Task task) {
                    return work;
                }

                @Override
                public CompletableFuture<Void> giveUp(Task task, Throwable why) {
                    return work;
                }
            },
            KafkaSettings.from(Map.of("kafka.bootstrap.servers", "broker:9092")),
            ends::add);

    @Test
    void aResultThatMayNotBeWrittenEndsTheWorker() {
        // When
        CompletableFuture<Void> handled = handler.handle(TASK);
        work.completeExceptionally(new TopicAuthorizationException(Set.of("critiques")));
        // Then
        assertThat(handled).isSameAs(work);
        assertThat(ends).singleElement().asString().contains("critiques", "'kritik topics acls'");
    }

    @Test
    void soDoesAGroupThatMayNotBeJoined() {
        // When
        handler.sourceFailed(GroupAuthorizationException.forGroupId("kritik-workers"));
        // Then
        assertThat(ends).singleElement().asString().contains("kritik-workers");
    }

    @Test
    void whateverMayPassEndsNothing() {
        // When
        var unused = handler.giveUp(TASK, new IllegalStateException("the judge is down"));
        work.completeExceptionally(new TimeoutException("slow"));
        handler.sourceFailed(new TimeoutException("slow"));
        // Then
        assertThat(ends).isEmpty();
    }
}
