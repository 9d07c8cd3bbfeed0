/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a training ended.
 *
 * @param ending why
 * @param out folder of the run
 * @param finalModel the trained model, ready to be used; empty unless it has been written
 * @param done steps that are done
 * @param total steps in all
 * @param bestStep step of the best evaluation; 0: none
 * @param last the last line of metrics; empty if there is none
 * @param problems what was not saved, in words
 */
public record TrainReport(
        Ending ending,
        Path out,
        Optional<Path> finalModel,
        int done,
        int total,
        int bestStep,
        Map<String, Object> last,
        List<String> problems) {

    /** Why a training ended. */
    public enum Ending {
        /** All steps are done, and the final model is there. */
        FINISHED,
        /** All steps are done, but the final model could not be written: {@link #problems} says why. */
        NOT_SAVED,
        /** It was told to stop; the same call goes on. */
        STOPPED
    }
}
