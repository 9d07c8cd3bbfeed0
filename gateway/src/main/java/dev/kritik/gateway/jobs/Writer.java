/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.TraceContext;

/** Where rollouts are written to. Safe for use by many threads; never blocks its caller. */
public interface Writer {

    /**
     * Writes rollouts, each with the mark that stands beside it.
     *
     * @param trace goes along with all of them
     * @return completes when all of them are acknowledged; fails with {@link Refused}
     */
    CompletionStage<Void> write(List<Map.Entry<Rollout, MemberMark>> rollouts, Optional<TraceContext> trace);

    /** Rollouts that were not written, all or some of them. Writing them again is harmless. */
    final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final boolean tooLarge;

        public Refused(String message, boolean tooLarge, Throwable cause) {
            super(message, cause);
            this.tooLarge = tooLarge;
        }

        /** Whether trying again is of no use. */
        public boolean tooLarge() {
            return tooLarge;
        }
    }
}
