/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of the lines of some files.
 *
 * @param what the files hold, in words
 * @param read lines with an example
 * @param tooLong left out because they have more tokens than fit
 * @param most tokens that fit
 * @param unsplit left out because prompt and turn can't be told apart
 * @param hinted left out because the judge had been told the answer
 * @param tokens in all that is kept
 */
public record Intake(String what, long read, long tooLong, int most, long unsplit, long hinted, long tokens) {

    /** How many are kept. */
    public long kept() {
        return read - tooLong - unsplit - hinted;
    }

    /** The counts as a sentence, with nothing that is left out passed over. */
    public String words() {
        List<String> out = new ArrayList<>();
        if (tooLong > 0) {
            out.add(tooLong + " left out: longer than " + most + " tokens");
        }
        if (unsplit > 0) {
            out.add(unsplit + " left out: the chat template joins prompt and turn");
        }
        if (hinted > 0) {
            out.add(hinted + " left out: hinted");
        }
        return what + ": " + kept() + " of " + read + " examples, " + tokens + " tokens"
                + out.stream().map(words -> "; " + words).collect(Collectors.joining());
    }
}
