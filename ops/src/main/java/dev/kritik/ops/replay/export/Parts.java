/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of an export in a folder. */
final class Parts {

    private Parts() {}

    /** Those of one topic that have their names, ascending: {@code NAME.jsonl}, {@code NAME-00000-00000.parquet}. */
    static List<Path> of(Path folder, String name, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isOf(file.getFileName().toString(), name, ending))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOf(String file, String name, String ending) {
        return file.endsWith(ending)
                && (file.equals(name + ending) || (file.startsWith(name + "-") && ending.equals(".parquet")));
    }
}
