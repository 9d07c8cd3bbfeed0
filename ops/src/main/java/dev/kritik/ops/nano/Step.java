/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A part of the recipe: commands of {@code kritik}, as a user would type them.
 *
 * @param name for people
 * @param kind what it does
 * @param product what is there when it is done: then it is not done again
 * @param judge the model that judges in an installation that runs meanwhile; null: none runs, and none is needed
 * @param checked whether the product is the report of a replay that must be good enough to train on
 * @param commands in their order
 */
record Step(String name, Kind kind, Path product, Path judge, boolean checked, List<List<String>> commands) {

    /** What a part does. */
    enum Kind {
        DATA,
        TRAINING,
        SAMPLING
    }

    static Step data(String name, Path product, List<List<String>> commands) {
        return new Step(name, Kind.DATA, product, null, false, commands);
    }

    static Step training(String name, Path product, List<String> command) {
        return new Step(name, Kind.TRAINING, product, null, false, List.of(command));
    }

    static Step sampling(String name, Path product, Path judge, boolean checked, List<List<String>> commands) {
        return new Step(name, Kind.SAMPLING, product, judge, checked, commands);
    }

    /** Whether nothing is left to do. A report that is not good enough counts for nothing: the process may have been killed. */
    boolean done() throws IOException {
        return Files.exists(product) && (!checked || Replayed.problem(product).isEmpty());
    }
}
