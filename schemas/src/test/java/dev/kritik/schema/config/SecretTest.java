/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SecretTest {

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define("a.password.env", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Name of a variable.");

    @TempDir
    private Path folder;

    @Test
    void comesFromTheVariableOrElseFromTheFileThatTheOtherVariableNames() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("password"), " of the file \n");

        // When, Then: one line break at the end is the editor's, all else is the secret's
        assertThat(read(Map.of("PW_FILE", file.toString()))).isEqualTo(" of the file ");
        assertThat(read(Map.of("PW", "of the variable", "PW_FILE", file.toString())))
                .isEqualTo("of the variable");
        assertThat(read(Map.of("PW", "", "PW_FILE", file.toString()))).isEqualTo(" of the file ");
        assertThat(Secret.token("a.token.env", "PW", Map.of("PW_FILE", token("t0ken\r\n"))::get)
                        .reveal())
                .isEqualTo("t0ken");
    }

    @Test
    void namesKeyVariableAndFileWhenThereIsNone() throws IOException {
        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("a.password.env", "'PW'", "'PW_FILE'");
        assertThatThrownBy(() -> read(Map.of("PW_FILE", "/not/there")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("a.password.env", "'PW_FILE'", "'/not/there'");
        String empty = token("\n");
        assertThatThrownBy(() -> read(Map.of("PW_FILE", empty)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("not set");
    }

    @Test
    void neverShowsItselfByChance() {
        assertThat(new Secret("s3cret")).hasToString("***");
    }

    private static String read(Map<String, String> environment) {
        AbstractConfig config = Configs.parse(DEFINITION, Map.of("a.password.env", "PW"));
        return Secret.of(config, "a.password.env", environment::get)
                .orElseThrow()
                .reveal();
    }

    private String token(String content) throws IOException {
        return Files.writeString(folder.resolve("token"), content).toString();
    }
}
