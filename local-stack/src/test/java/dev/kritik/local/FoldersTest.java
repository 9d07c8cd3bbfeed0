/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class FoldersTest {

    @TempDir
    private Path folder;

    @Test
    void countsAndDeletesAllThatLiesInThem() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("outer").resolve("inner"));
        Files.writeString(inner.resolve("one"), "12345");
        Files.writeString(folder.resolve("outer").resolve("two"), "123");

        assertThat(Folders.bytes(folder.resolve("outer"))).isEqualTo(8);

        Folders.delete(folder.resolve("outer"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whereThereIsNoneThereIsNothingToDo() throws IOException {
        Folders.delete(folder.resolve("missing"));

        assertThat(Folders.bytes(folder.resolve("missing"))).isZero();
    }
}
