/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class BundledModelsTest {

    @TempDir
    private Path home;

    private final Map<String, String> environment = new HashMap<>();

    @AfterEach
    void forget() {
        System.clearProperty(BundledModels.HOME);
    }

    private HubSettings settings() {
        return HubSettings.fromEnvironment(environment::get);
    }

    private Path resolve(String name) {
        return ModelHub.resolve(name, settings(), ProgressListener.NONE);
    }

    private static Path model(Path home, String name) throws IOException {
        Path folder = Files.createDirectories(home.resolve("models").resolve(name));
        Files.writeString(folder.resolve("config.json"), "{}");
        return folder;
    }

    @Test
    void aNameWithoutASlashIsAFolderOfKritiksHome() throws IOException {
        // Given
        Path folder = model(home, "kritik-nano");
        environment.put("KRITIK_HOME", home.toString());

        // When // Then
        assertThat(resolve("kritik-nano")).isEqualTo(folder);
        assertThat(BundledModels.isThere("kritik-nano", settings())).isTrue();
        assertThat(BundledModels.isThere("kritik-nano-meta", settings())).isFalse();
        assertThat(BundledModels.isThere("org/kritik-nano", settings())).isFalse();
    }

    @Test
    void theSystemPropertyIsStrongerThanTheEnvironment() throws IOException {
        // Given
        Path folder = model(home.resolve("mine"), "kritik-nano-meta");
        environment.put("KRITIK_HOME", home.toString());
        System.setProperty(BundledModels.HOME, home.resolve("mine").toString());

        // When // Then
        assertThat(resolve("kritik-nano-meta")).isEqualTo(folder);
    }

    @Test
    void whatIsMissingIsSaid() {
        // When // Then: nobody says where Kritik is
        assertThatThrownBy(() -> resolve("kritik-nano"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("'kritik-nano'", "set KRITIK_HOME");

        // When // Then: it is not there
        environment.put("KRITIK_HOME", home.toString());
        assertThatThrownBy(() -> resolve("kritik-nano"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(home.resolve("models/kritik-nano").toString(), "no config.json");
    }
}
