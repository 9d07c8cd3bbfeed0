/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class RoleTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void aRoleThatEndsByItselfEndsTheProcessAsAFailure() throws Exception {
        // Given
        CompletableFuture<Void> stopped = new CompletableFuture<>();

        // When
        int code = Role.run("test", () -> stopped.complete(null), atMost -> calls.add("close"), stopped);

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void aRoleThatDoesNotStartIsClosedAndSaysWhy() {
        assertThatThrownBy(() -> Role.run(
                        "test",
                        () -> {
                            throw new IllegalStateException("no broker");
                        },
                        atMost -> calls.add("close")))
                .hasMessage("no broker");

        assertThat(calls).containsExactly("close");
    }
}
