/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.Delivery;
import dev.kritik.worker.prompt.HintLine;

/**
 * One sample of a request, as it was asked for.
 *
 * @param delivery how the request came here, for the critique to say
 */
record Sample(CritiqueRequest request, SampleSpec spec, Delivery delivery) {

    private static final long SEEDS = 1L << 31;
    /** Odd, so that steps of it meet every seed before one comes again: tries never share a seed. */
    private static final long SEED_STEP = 0x9E3779B1L;

    /** Names the sample in logs, here and at the model servers. Recorded judges read the sample's number from it. */
    String id() {
        return request.getJobId() + "/" + request.getGroupId() + "/" + request.getGroupAttempt() + "/p"
                + request.getPanel() + "/s" + spec.getSample();
    }

    Instant deadline() {
        return Instant.ofEpochMilli(request.getDeadlineMs());
    }

    /** The seed of a try: the sample's own at first, then others that follow from it. */
    long seed(int attempt) {
        return attempt <= 1 ? spec.getSeed() : Math.floorMod(spec.getSeed() + (attempt - 1) * SEED_STEP, SEEDS);
    }

    /** The known answer, where there is one to tell. */
    Optional<String> hint() {
        return HintLine.of(request.getHint(), request.getHintScore(), spec.getOrder());
    }

    /**
     * The responses in the order in which this sample shows them.
     *
     * @throws IllegalArgumentException if the order is none of this panel
     */
    List<String> shown() {
        Map<Integer, String> byIndex = new HashMap<>();
        for (PanelResponse response : request.getResponses()) {
            byIndex.put(response.getIndex(), response.getContent());
        }
        List<String> shown = new ArrayList<>();
        for (int index : spec.getOrder()) {
            String content = byIndex.remove(index);
            if (content == null) {
                throw new IllegalArgumentException("the order " + spec.getOrder() + " is no order of the panel");
            }
            shown.add(content);
        }
        if (shown.isEmpty() || !byIndex.isEmpty()) {
            throw new IllegalArgumentException("the order " + spec.getOrder() + " is no order of the panel");
        }
        return shown;
    }
}
