/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

/**
 * One thing that was looked at, and what became of it.
 *
 * @param thing what: {@code topic rollouts}, {@code group kritik-workers}, {@code subject rollouts-value}
 * @param state how it stands
 * @param detail in words; says what to do where something is to be done
 */
public record Finding(String thing, State state, String detail) {

    /** How a thing stands. */
    public enum State {
        /** As it should be. */
        OK(true),
        /** Was missing; made now. */
        CREATED(true),
        /** Is missing; a run without {@code --dry-run} would make it. */
        WOULD_CREATE(true),
        /** Worth knowing; nothing is wrong. */
        NOTE(true),
        /** Is missing. */
        MISSING(false),
        /** Is there, but otherwise than it should be; never changed by us. */
        DIFFERS(false),
        /** We are not allowed to look or to make it. */
        DENIED(false),
        /** Looking or making failed. */
        FAILED(false);

        private final boolean good;

        State(boolean good) {
            this.good = good;
        }

        /** Whether nothing is left to do for a person. */
        public boolean good() {
            return good;
        }
    }
}
