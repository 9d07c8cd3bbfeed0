/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;

/** Requests and critiques for tests. */
final class Requests {

    private Requests() {}

    static CritiqueRequest request(String group, int partition, int samples) {
        return CritiqueRequest.newBuilder()
                .setRequestId("job/" + group + "/0/0/0")
                .setJobId("job")
                .setGroupId(group)
                .setGroupAttempt(0)
                .setPartition(partition)
                .setPanel(0)
                .setMessages(List.of(new Message("user", "Which of these?")))
                .setResponses(List.of(new PanelResponse(0, "this"), new PanelResponse(1, "that")))
                .setSamples(IntStream.range(0, samples)
                        .mapToObj(sample -> new SampleSpec(sample, 1L + sample, List.of(0, 1), null))
                        .toList())
                .setDeadlineMs(System.currentTimeMillis() + 600_000)
                .setCreatedMs(System.currentTimeMillis())
                .build();
    }

    static Critique critique(CritiqueRequest request, SampleSpec sample, int delivery, String worker) {
        return Critique.newBuilder()
                .setJobId(request.getJobId())
                .setGroupId(request.getGroupId())
                .setGroupAttempt(request.getGroupAttempt())
                .setPanel(request.getPanel())
                .setSample(sample.getSample())
                .setRequestId(request.getRequestId())
                .setStatus(CritiqueStatus.INVALID)
                .setReason("NO_BOX")
                .setOrder(sample.getOrder())
                .setRawText("no box here")
                .setJudge("test")
                .setModel("none")
                .setPromptVersion("none")
                .setSeed(sample.getSeed())
                .setAttempt(1)
                .setStartedMs(1)
                .setJudgeMs(1)
                .setFinishedMs(1)
                .setWorker(worker)
                .setDelivery(delivery)
                .build();
    }

    /** Judges at once. */
    static final class InstantJudging implements Judging {

        @Override
        public CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink) {
            request.getSamples()
                    .forEach(sample ->
                            sink.accept(Requests.critique(request, sample, delivery.number(), delivery.worker())));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void fail(
                CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> sink) {
            request.getSamples()
                    .forEach(sample -> sink.accept(Critique.newBuilder(
                                    Requests.critique(request, sample, delivery.number(), delivery.worker()))
                            .setStatus(CritiqueStatus.FAILED)
                            .setReason(reason)
                            .setDetail(detail)
                            .setRawText(null)
                            .build()));
        }
    }
}
