/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.kritik.trainer.run.LinesInAFile;

class LedgerTest {

    @TempDir
    private Path folder;

    private static StepGroups step(long first) {
        return new StepGroups(List.of(
                Given.settled(Given.group(first, 5L, 3, 8)),
                Given.settled(Given.group(first + 1, 5L, 8, 8)),
                Given.settled(Given.group(first + 2, 5L, Double.NaN, Double.NaN))));
    }

    private Ledger ledger() {
        return new Ledger(LinesInAFile.of(folder.resolve("groups.jsonl")));
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("groups.jsonl"));
    }

    @Test
    void eachGroupHasALineWithItsFate() throws IOException {
        // Given
        Ledger ledger = ledger();
        ledger.goOn(0, Map.of());

        // When
        ledger.add(1, step(0));

        // Then
        assertThat(lines())
                .containsExactly(
                        "{\"step\":1,\"group\":\"0a1b2c3d-0\",\"attempt\":0,\"fate\":\"trained\",\"staleness\":0,\"status\":\"OK\"}",
                        "{\"step\":1,\"group\":\"0a1b2c3d-1\",\"attempt\":0,\"fate\":\"flat\",\"staleness\":0,\"status\":\"OK\"}",
                        "{\"step\":1,\"group\":\"0a1b2c3d-2\",\"attempt\":0,\"fate\":\"unrewarded\",\"staleness\":0,\"status\":\"FAILED\"}");
        assertThat(ledger.counts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(Fate.TRAINED, 1L, Fate.FLAT, 1L, Fate.UNREWARDED, 1L));
        assertThat(ledger.settled()).isEqualTo(3);
    }

    @Test
    void whoGoesOnFromACheckpointForgetsWhatCameAfterIt() throws IOException {
        // Given
        Ledger first = ledger();
        first.goOn(0, Map.of());
        first.add(1, step(0));
        Map<Fate, Long> checkpoint = first.counts();
        first.add(2, step(3));

        // When
        Ledger second = ledger();
        second.goOn(1, checkpoint);
        second.add(2, step(3));

        // Then
        assertThat(lines()).hasSize(6).doesNotHaveDuplicates();
        assertThat(second.counts()).isEqualTo(first.counts());
        assertThat(checkpoint).as("a copy").containsEntry(Fate.TRAINED, 1L);
    }

    @Test
    void lostGroupsAreCountedAndWhereNoCheckpointComesFoundLostAgain() throws IOException {
        // Given
        Ledger first = ledger();
        first.goOn(1, Map.of(Fate.TRAINED, 3L));
        first.lost(2, 4);
        assertThat(first.settled()).isEqualTo(7);

        // When
        Ledger second = ledger();
        second.goOn(1, Map.of(Fate.TRAINED, 3L));
        second.lost(2, 4);

        // Then
        assertThat(lines()).hasSize(1);
        assertThat(lines().getFirst()).contains("\"fate\":\"lost\"", "\"count\":4", "\"step\":2");
        assertThat(second.counts()).containsEntry(Fate.LOST, 4L);
    }
}
