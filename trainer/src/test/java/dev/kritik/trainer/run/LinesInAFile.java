/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.nio.file.Path;

/** Lines of steps outside the folder of a run, for tests of those who write them. */
public final class LinesInAFile {

    private LinesInAFile() {}

    /** Lines in a file. */
    public static StepLines of(Path file) {
        return new StepLines(file);
    }
}
