/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;
import dev.kritik.telemetry.TraceLog;
import dev.kritik.worker.task.Backoff;
import dev.kritik.worker.task.Task;
import dev.kritik.worker.task.TaskHandler;

/**
 * A task from its bytes to its acknowledged critiques. Results first: its future completes when the broker has all of
 * them, so that the source acknowledges the task after that, and a crash in between makes duplicates, never a loss.
 *
 * <p>What can't be used goes to the dead letters and counts as handled. While the registry is away a task waits here, in
 * its slot, rather than use up its deliveries: no other task could be read either.
 */
final class RequestHandler implements TaskHandler {

    /** Reason of a dead letter: the request contradicts itself or the topics. */
    static final String INVALID_REQUEST = "INVALID_REQUEST";

    static final String DELIVERIES_EXHAUSTED = "DELIVERIES_EXHAUSTED";

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestHandler.class);

    private final AvroDeserializer<CritiqueRequest> deserializer;
    private final Judging judging;
    private final CritiquePublisher critiques;
    private final DeadLetters deadLetters;
    private final String worker;
    private final Backoff backoff;

    RequestHandler(
            SchemaRegistry registry,
            Judging judging,
            CritiquePublisher critiques,
            DeadLetters deadLetters,
            String worker,
            Backoff backoff) {
        this.deserializer = new AvroDeserializer<>(registry, CritiqueRequest.class);
        this.judging = judging;
        this.critiques = critiques;
        this.deadLetters = deadLetters;
        this.worker = worker;
        this.backoff = backoff;
    }

    @Override
    public CompletableFuture<Void> handle(Task task) {
        return start(task, false, judging::critique);
    }

    @Override
    public CompletableFuture<Void> giveUp(Task task, Throwable why) {
        String detail = "given up after " + (task.delivery() == 0 ? "the last try" : task.delivery() + " deliveries")
                + "; the last one failed: " + why;
        return start(task, true, (request, delivery, sink) -> {
            judging.fail(request, delivery, DELIVERIES_EXHAUSTED, detail, sink);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** What to do with a request that was read and found usable. */
    private interface Work {
        CompletableFuture<Void> on(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink);
    }

    private CompletableFuture<Void> start(Task task, boolean last, Work work) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        // A thread of its own: reading may wait for the registry, sending for the broker.
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                run(task, last, work, result);
            } catch (InterruptedException e) {
                result.cancel(true);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        var unused = result.whenComplete((done, failure) -> {
            if (result.isCancelled()) {
                thread.interrupt();
            }
        });
        return result;
    }

    private void run(Task task, boolean last, Work work, CompletableFuture<Void> result) throws InterruptedException {
        CritiqueRequest request;
        try {
            request = decode(task);
        } catch (UndecodableException e) {
            if (e.code() == UndecodableException.Code.UNKNOWN_SCHEMA_ID && !last) {
                throw e; // a registry's copy may lag behind the one that the schema was registered with
            }
            follow(deadLetters.put(task, e.code().name(), e.getMessage()), result);
            return;
        }
        String problem = problem(request);
        if (problem != null) {
            follow(deadLetters.put(task, INVALID_REQUEST, problem), result);
            return;
        }
        Delivery delivery = new Delivery(task.delivery(), worker, TraceHeaders.of(task.headers()));
        List<CompletableFuture<Void>> written = new ArrayList<>();
        CompletableFuture<Void> judged = work.on(request, delivery, critique -> {
            if (!result.isDone()) { // lost meanwhile: another worker answers
                CompletableFuture<Void> one = critiques.publish(
                        request.getPartition(), critique, delivery.next("critique " + nameOf(critique)));
                synchronized (written) {
                    written.add(one);
                }
            }
        });
        var unusedCancelled = result.whenComplete((done, failure) -> judged.cancel(true));
        var unusedJudged = judged.whenComplete((done, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                synchronized (written) {
                    follow(CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)), result);
                }
            }
        });
    }

    private static String nameOf(Critique critique) {
        return critique.getRequestId() + "/s" + critique.getSample();
    }

    private static void follow(CompletableFuture<Void> written, CompletableFuture<Void> result) {
        var unused = written.whenComplete((done, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(null);
            }
        });
    }

    private CritiqueRequest decode(Task task) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return deserializer.deserialize(task.topic(), task.value());
            } catch (RegistryUnavailableException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("cancelled while the registry was away");
                }
                Duration pause = backoff.after(failures);
                TraceLog.with(LOGGER.atWarn(), TraceHeaders.of(task.headers()))
                        .addKeyValue("task", task.id())
                        .addKeyValue("failures", failures)
                        .addKeyValue("pauseMs", pause.toMillis())
                        .addKeyValue("error", e.getMessage())
                        .log("a request can't be read while the registry is away; it is tried again after the pause");
                Thread.sleep(pause);
            }
        }
    }

    private String problem(CritiqueRequest request) {
        if (request.getSamples().isEmpty()) {
            return "the request " + request.getRequestId() + " asks for no sample";
        }
        if (request.getResponses().isEmpty()) {
            return "the request " + request.getRequestId() + " holds no response";
        }
        int partitions = critiques.partitions();
        if (request.getPartition() < 0 || request.getPartition() >= partitions) {
            return "the request " + request.getRequestId() + " wants its critiques on partition "
                    + request.getPartition() + ", but the topic of critiques has " + partitions
                    + ": give it as many as the topic of rollouts";
        }
        return null;
    }
}
