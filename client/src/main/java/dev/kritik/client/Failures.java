/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

import java.util.concurrent.locks.LockSupport;

/** What went wrong with Kafka, in words that say what to do; and waiting before the next try. */
final class Failures {

    private Failures() {}

    static ClientException noTopic(String topic) {
        return new ClientException(
                "there is no topic '" + topic + "': 'kritik topics create' makes it (is topics.prefix right?)");
    }

    static ClientException noAnswer(String what, KafkaException e) {
        return new ClientException(
                "Kafka gave no answer " + what + ": is it running at kafka.bootstrap.servers? (" + e.getMessage() + ")",
                e);
    }

    static ClientException gone(String topic, int partition, long offset, String held) {
        return new ClientException("offset " + offset + " of partition " + partition + " of topic '" + topic
                + "' is needed and is not there any more; the partition holds " + held
                + ": retention has deleted records that were not read, or the topic was made anew. What they held is lost"
                + " to this reader: begin without the position, at the earliest record or now, and give the topic a"
                + " longer retention.ms");
    }

    /** An error that another try would not help. */
    static ClientException fatal(String doing, KafkaException e) {
        String what = "Kafka failed " + doing + ": " + e.getMessage();
        if (e instanceof AuthenticationException) {
            return new ClientException(
                    what + "; check kafka.security.protocol and the keys under kafka.sasl and kafka.ssl", e);
        }
        if (e instanceof AuthorizationException) {
            return new ClientException(
                    what + "; let this user read the topics of rollouts and of rewards, and a writer"
                            + " write rollouts and use its transactional id",
                    e);
        }
        return new ClientException(what, e);
    }

    /**
     * Waits a while.
     *
     * @throws InterruptException if the thread is interrupted, as Kafka's clients do
     */
    static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("interrupted while waiting to try again");
        }
    }
}
