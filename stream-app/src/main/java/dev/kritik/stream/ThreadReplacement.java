/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.config.Refusal;

/**
 * What happens when a thread dies: its transaction is undone, another takes its place and reads the same records again,
 * after a pause that doubles while failures follow each other. So an outage, of the registry for example, is waited out,
 * and nothing is passed over. The process gives up when Java itself fails, or when brokers refuse something for lack of a
 * right: that does not pass.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadReplacement.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /** Shorter than a transaction may stand open: what it holds back from readers is let go by its own end. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    /** After this long without a failure, the next one is a first. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private final CountDownLatch closing;
    private final KafkaSettings kafka;
    private Duration pause = FIRST_PAUSE;
    private long lastFailure;

    /**
     * @param closing ends all pauses when it is counted down
     * @param kafka names the user, for messages
     */
    ThreadReplacement(CountDownLatch closing, KafkaSettings kafka) {
        this.closing = closing;
        this.kafka = kafka;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        if (failure instanceof Error) {
            LOGGER.atError().setCause(failure).log("the stream application gives up");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Optional<Refusal> refusal = Refusal.in(failure, kafka);
        if (refusal.isPresent()) {
            LOGGER.atError()
                    .setCause(failure)
                    .addKeyValue("reason", refusal.get().message())
                    .log("the stream application ends");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Duration wait = nextPause(System.nanoTime());
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue("pauseMs", wait.toMillis())
                .log("a stream thread failed; another reads the same records again after a pause");
        try {
            if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    synchronized Duration nextPause(long nanoTime) {
        boolean calm = lastFailure != 0 && nanoTime - lastFailure > CALM.toNanos();
        if (lastFailure == 0 || calm) {
            pause = FIRST_PAUSE;
        } else {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
        lastFailure = nanoTime;
        return pause;
    }
}
