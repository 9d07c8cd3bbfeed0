/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the answers of one look, all of them together no longer than was said, and keeps what went wrong. Things that
 * are gone (a group, a topic) are no problem: they are left out. Of one thread.
 */
final class Answers {

    private final long end;
    private final List<String> problems = new ArrayList<>();

    Answers(Duration patience) {
        this.end = System.nanoTime() + patience.toNanos();
    }

    /** How long there still is; never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /**
     * The answer; empty where there is none, and the reason is kept, unless the thing asked for does not exist, or is a group
     * that this user may not see. Brokers name such groups to whoever may DESCRIBE the cluster, and to nobody else.
     */
    <T> Optional<T> of(KafkaFuture<T> future, String what) {
        try {
            return Optional.of(await(future));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (!(cause instanceof GroupIdNotFoundException)
                    && !(cause instanceof GroupAuthorizationException)
                    && !(cause instanceof UnknownTopicOrPartitionException)) {
                problem(what, cause);
            }
            return Optional.empty();
        } catch (TimeoutException e) {
            problems.add(what + ": no answer in time");
            return Optional.empty();
        }
    }

    /**
     * The answer without which there is nothing to say.
     *
     * @throws KafkaException if there is none
     */
    <T> T required(KafkaFuture<T> future, String what) {
        try {
            return await(future);
        } catch (ExecutionException e) {
            throw new KafkaException(what + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException(what + ": no answer in time", e);
        }
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for the brokers", e);
        }
    }

    void problem(String what, Throwable cause) {
        problems.add(what + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    /** What went wrong so far. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
