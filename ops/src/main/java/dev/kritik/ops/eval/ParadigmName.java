/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

/** The ways to a reward that can be compared; the names are what {@code --paradigm} takes. */
enum ParadigmName {
    /** Pointwise: principles, critique and scores; what the workers serve, through the whole pipeline. */
    GENERATIVE("generative", true, false),
    /** A number for each response alone, by a scalar head. */
    SCALAR("scalar", false, true),
    /** A critique of each response alone, and a number for it by a scalar head. */
    SEMI_SCALAR("semi-scalar", true, true),
    /** Which of two responses is better. */
    PAIRWISE("pairwise", true, false);

    private final String label;
    private final boolean writes;
    private final boolean rates;

    ParadigmName(String label, boolean writes, boolean rates) {
        this.label = label;
        this.writes = writes;
        this.rates = rates;
    }

    /** Whether a language model writes texts. */
    boolean writes() {
        return writes;
    }

    /** Whether a scalar head gives numbers. */
    boolean rates() {
        return rates;
    }

    @Override
    public String toString() {
        return label;
    }
}
