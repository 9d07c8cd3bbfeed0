/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Transactions of one producer, each of which ends in one of three ways: committed; aborted, so that the same may be tried
 * again; or not known to be either, which is the end of the producer. For one thread.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final Producer<String, byte[]> producer;
    private final String transactionalId;
    private final Duration patience;
    private ClientException failed;

    /** Transactions of a producer; what is begun before the patience is over is tried again. */
    Transactions(Producer<String, byte[]> producer, String transactionalId, Duration patience) {
        this.producer = producer;
        this.transactionalId = transactionalId;
        this.patience = patience;
    }

    /** Fails as the last transaction did, if that was the end of the producer. */
    void requireUsable() {
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * One transaction.
     *
     * @param begun System.nanoTime() when the caller began to try
     * @return null when it is committed, otherwise why it was aborted
     * @throws ClientException if the producer can't be used any more
     */
    KafkaException attempt(List<ProducerRecord<String, byte[]>> records, long begun) {
        boolean committing = false;
        try {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<String, byte[]> record : records) {
                sent.add(producer.send(record));
                if (sent.getLast().state() == Future.State.FAILED) {
                    break; // it may have waited for the brokers in vain, and so would the others
                }
            }
            producer.flush();
            KafkaException refused = firstFailure(sent);
            if (refused != null) {
                return abort(refused, false, begun);
            }
            committing = true;
            // After a time-out nobody knows whether it is committed. The same commit can be asked for again.
            untilAnswered(begun, producer::commitTransaction);
            return null;
        } catch (InterruptException | ProducerFencedException e) {
            throw ended(committing, e);
        } catch (TimeoutException e) {
            if (committing) {
                throw ended(true, e);
            }
            return abort(e, false, begun);
        } catch (KafkaException e) {
            return abort(e, committing, begun);
        }
    }

    /** Whether the same may go well another time. */
    static boolean isPassing(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof RetriableException
                    || e instanceof ApplicationRecoverableException
                    || e instanceof TransactionAbortableException) {
                return true;
            }
        }
        return false;
    }

    private KafkaException abort(KafkaException reason, boolean committing, long begun) {
        try {
            untilAnswered(begun, producer::abortTransaction);
            return reason;
        } catch (KafkaException e) {
            // Where the producer is at its end, it says so now; the first error says why.
            e.addSuppressed(reason);
            throw ended(committing, e);
        }
    }

    private static KafkaException firstFailure(List<Future<RecordMetadata>> sent) {
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                return e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
            }
        }
        return null;
    }

    /** Does what Kafka allows to do again after a time-out, until the patience is over. */
    void untilAnswered(long begun, Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                if (isOver(begun)) {
                    throw e;
                }
                LOG.atWarn().addKeyValue("failure", e.getMessage()).log("the brokers do not answer; tries again");
            }
        }
    }

    /** Whether what was begun then has been tried for long enough. */
    boolean isOver(long begun) {
        return System.nanoTime() - begun > patience.toNanos();
    }

    /** The producer can't be used any more. */
    private ClientException ended(boolean committing, KafkaException e) {
        String known = committing
                ? "nobody knows whether these groups were written; a new writer settles it, and a reader that catches up"
                        + " sees them or does not"
                : "these groups were not written";
        String why = e instanceof ProducerFencedException
                ? "another process writes as '" + transactionalId
                        + "'; end it, or this one (or a transaction took longer than "
                        + GroupWriter.TRANSACTION_MS / 1000 + " s)"
                : "the transaction could not be ended: " + e.getMessage();
        failed = Failures.fatal("to write groups; " + known + ". " + why, e);
        return failed;
    }
}
