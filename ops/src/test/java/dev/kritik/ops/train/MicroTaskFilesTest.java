/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kritik.trainer.data.Question;

class MicroTaskFilesTest {

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    @Test
    void queriesAreMadeOnceAndThoseThatAreHeldOutAreOthers() throws IOException {
        // Given
        Path data = folder.resolve("data");

        // When
        Path queries = new MicroTaskFiles(data, said::add, 1_000, 100).queries();
        Path heldOut = new MicroTaskFiles(data, said::add, 1_000, 100).heldOut();

        // Then
        assertThat(said).hasSize(2).allSatisfy(text -> assertThat(text).contains("micro-tasks"));
        Set<String> known = new HashSet<>();
        List<Question> all = Question.read(queries);
        all.forEach(question -> known.add(question.messages().getFirst().getContent()));
        assertThat(all)
                .hasSize(1_000)
                .allSatisfy(question -> assertThat(question.answers()).isNotEmpty());
        assertThat(Question.read(heldOut)).hasSize(100).allSatisfy(question -> {
            assertThat(question.answers()).isNotEmpty();
            assertThat(known).doesNotContain(question.messages().getFirst().getContent());
        });

        // and a run that goes on takes the same
        Files.writeString(heldOut, "changed");
        assertThat(new MicroTaskFiles(data, said::add).heldOut()).hasContent("changed");
        assertThat(said).hasSize(2);
    }
}
