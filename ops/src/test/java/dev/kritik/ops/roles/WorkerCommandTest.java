/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicReference;

import dev.kritik.telemetry.Health;
import dev.kritik.worker.Worker;

class WorkerCommandTest {

    @Test
    void aWorkerThatLoadsItsModelLivesAndIsNotReady() {
        // Given
        Health loading = WorkerCommand.health(new AtomicReference<Worker>());

        // Then
        assertThat(loading.dead()).isEmpty();
        assertThat(loading.idle()).hasValueSatisfying(why -> assertThat(why).contains("models", "loaded"));
    }
}
