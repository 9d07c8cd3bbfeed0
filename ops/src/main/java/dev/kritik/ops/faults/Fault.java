/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.List;

/** One fault, ready to strike. */
interface Fault {

    /** It can't be done on this machine, or on this installation; the message says why. */
    final class NotPossible extends Exception {
        private static final long serialVersionUID = 1L;

        NotPossible(String message) {
            super(message);
        }
    }

    /** A step. */
    interface Step {
        void run() throws Exception;
    }

    /** What it strikes, such as {@code worker-2}. */
    String target();

    /** Partitions of {@code rollouts} that hang on the target, as far as that says something. */
    default List<Integer> partitions() {
        return List.of();
    }

    /** Does it. What heals itself returns when it is healed. */
    void strike() throws Exception;

    /** Ends it, and returns when what was struck runs again. */
    void heal() throws Exception;

    /** A fault of two steps. */
    static Fault of(String target, List<Integer> partitions, Step strike, Step heal) {
        return new Fault() {
            @Override
            public String target() {
                return target;
            }

            @Override
            public List<Integer> partitions() {
                return partitions;
            }

            @Override
            public void strike() throws Exception {
                strike.run();
            }

            @Override
            public void heal() throws Exception {
                heal.run();
            }
        };
    }

    /** The same where no partitions are to be named. */
    static Fault of(String target, Step strike, Step heal) {
        return of(target, List.of(), strike, heal);
    }
}
