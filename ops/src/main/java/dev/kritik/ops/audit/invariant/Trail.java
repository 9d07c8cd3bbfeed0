/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.PanelResponse;

/** All that one group attempt left. */
final class Trail {

    final List<Seen.Sent> sent = new ArrayList<>(0);
    final List<Seen.Member> rollouts = new ArrayList<>(0);
    final List<Seen.Asked> asked = new ArrayList<>(0);
    final List<Seen.Critic> critiques = new ArrayList<>(0);
    final List<Seen.Terminal> terminals = new ArrayList<>(0);

    /** Fingerprints of the responses that requests show, by index; 0 where none does. */
    private long[] shown = {};

    /** An index under which requests show different responses. */
    private Integer contradicted;

    void shows(CritiqueRequest request) {
        for (PanelResponse response : request.getResponses()) {
            int index = response.getIndex();
            if (index < 0 || index > Observation.MOST_INDEX) {
                contradicted = index;
                continue;
            }
            if (index >= shown.length) {
                shown = Arrays.copyOf(shown, index + 1);
            }
            long text = Fingerprint.of(response.getContent());
            if (shown[index] != 0 && shown[index] != text) {
                contradicted = index;
            }
            shown[index] = text;
        }
    }

    long[] shown() {
        return shown;
    }

    boolean isContradicted() {
        return contradicted != null;
    }

    Integer contradicted() {
        return contradicted;
    }
}
