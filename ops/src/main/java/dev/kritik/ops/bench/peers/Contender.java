/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;

import dev.kritik.ops.judge.RecordedJudge;

/** One way to get rewards from a judge. */
interface Contender {

    /**
     * What holds for all contenders alike.
     *
     * @param concurrency most calls to the judge at once
     * @param timeoutSeconds of a call, where the contender's user can set one; empty: as it ships
     * @param batch rollouts that a trainer has judged at once, for contenders that know no other way
     * @param limit of a run; what has not come by then is lost
     */
    record Terms(int concurrency, OptionalDouble timeoutSeconds, int batch, Duration limit) {}

    /** It can't run here, for something that it needs is not there. The message says what. */
    final class MissingException extends Exception {

        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /** Its name in options and tables. */
    String name();

    /**
     * Has the work judged. Starting is not measured. No process is left when this returns or throws.
     *
     * @param folder of its own, for files and logs
     * @throws MissingException if something that it needs is not there
     * @throws dev.kritik.ops.cli.CommandFailed if it does not run as it should
     */
    Attempt judge(Work work, RecordedJudge judge, Terms terms, Path folder)
            throws MissingException, InterruptedException;
}
