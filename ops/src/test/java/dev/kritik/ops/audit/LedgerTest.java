/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

import dev.kritik.ops.audit.invariant.Send;
import dev.kritik.ops.audit.invariant.Send.Member;
import dev.kritik.ops.audit.invariant.Send.State;
import dev.kritik.ops.cli.CommandFailed;

class LedgerTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1000));
    private static final Member MEMBER = new Member("run", "q \"1\"", 2, 3, 4, 99_000L);
    private static final Member OTHER = new Member("run", "q2", 0, 0, 1, null);

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("ledger.jsonl");
    }

    private LedgerFile open() {
        return new LedgerFile(path, CLOCK);
    }

    @Test
    void whatWasSentIsReadWithItsAnswer() throws IOException {
        // When
        try (LedgerFile file = open()) {
            long first = file.sent(MEMBER, -7);
            long raw = file.sent(5, "no Avro");
            file.failed(raw, new IllegalStateException("no room"));
            file.acknowledged(first, 1, 17);
            file.sent(OTHER, 9);
        }
        // Then
        assertThat(Ledger.read(path))
                .containsExactly(
                        new Send(
                                1000, null, 5, "no Avro", State.FAILED, 1000, -1, -1, "IllegalStateException: no room"),
                        new Send(1000, MEMBER, -7, null, State.ACKNOWLEDGED, 1000, 1, 17, null),
                        new Send(1000, OTHER, 9, null, State.IN_DOUBT, 0, -1, -1, null));
    }

    @Test
    void aTornLastLineIsLeftOutAndWhatItWouldHaveSaidIsInDoubt() throws IOException {
        // Given
        try (LedgerFile file = open()) {
            file.acknowledged(file.sent(MEMBER, 1), 0, 0);
        }
        // When
        String whole = Files.readString(path);
        Files.writeString(path, whole.substring(0, whole.length() - 9));
        // Then
        assertThat(Ledger.read(path)).containsExactly(Send.begun(1000, MEMBER, 1, null));
    }

    @Test
    void anotherProducerGoesOnBehindATornLine() throws IOException {
        // Given
        try (LedgerFile file = open()) {
            file.sent(MEMBER, 1);
        }
        Files.writeString(path, "{\"ms\":1000,\"eve", StandardOpenOption.APPEND);
        // When: its numbers begin anew
        try (LedgerFile file = open()) {
            file.acknowledged(file.sent(OTHER, 2), 0, 4);
        }
        // Then
        assertThat(Ledger.read(path))
                .extracting(Send::rollout, Send::state)
                .containsExactly(tuple(MEMBER, State.IN_DOUBT), tuple(OTHER, State.ACKNOWLEDGED));
    }

    @Test
    void somethingElseIsRefusedByLine() throws IOException {
        Files.writeString(path, "{\"ms\":1,\"event\":\"opened\"}\nnonsense\n{\"ms\":1,\"event\":\"sent\",\"n\":0}\n");
        assertThatThrownBy(() -> Ledger.read(path))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void oneProducerAtATime() {
        try (LedgerFile first = open()) {
            assertThat(first).isNotNull();
            assertThatThrownBy(this::open).isInstanceOf(CommandFailed.class).hasMessageContaining("another producer");
        }
    }
}
