/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

import dev.kritik.ops.Kritik;

class ErrorsTest {

    /** Kafka's clients turn an interrupt into an exception of their own. */
    @Test
    void anInterruptWithinAKafkaClientIsAnInterruptToo() {
        // Given
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Kritik())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err));
        InterruptException failure = new InterruptException("closing");
        assertThat(Thread.interrupted()).as("set by the exception itself").isTrue();

        // When
        int code = new Errors().handleExecutionException(failure, command, command.parseArgs("config"));

        // Then
        assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(err).hasToString("interrupted" + System.lineSeparator());
    }
}
