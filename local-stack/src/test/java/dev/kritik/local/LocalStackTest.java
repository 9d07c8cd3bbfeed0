/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;

class LocalStackTest {

    @Test
    void temporaryStackAnswersAndLeavesNothingBehind() throws Exception {
        // Given
        LocalStack stack = LocalStack.temporary();
        // When
        stack.close();
        // Then
        assertThat(Files.exists(stack.data())).isFalse();
    }
}
