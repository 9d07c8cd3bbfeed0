/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import java.nio.file.Path;
import java.util.List;

/**
 * A part of the recipe: commands of {@code kritik}, as a user would type them.
 *
 * @param name for people
 * @param product what is there when it is done: then it is not done again
 * @param judge the model that judges in an installation that runs meanwhile; null: none runs, and none is needed
 * @param commands in their order
 */
record Step(String name, Path product, Path judge, List<List<String>> commands) {

    static Step of(String name, Path product, List<List<String>> commands) {
        return new Step(name, product, null, commands);
    }
}
