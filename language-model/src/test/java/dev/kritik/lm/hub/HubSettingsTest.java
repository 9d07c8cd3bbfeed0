/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class HubSettingsTest {

    @TempDir
    Path home;

    @Test
    void hasTheDefaultsOfHuggingfaceHub() {
        HubSettings settings = HubSettings.fromEnvironment(name -> null);

        assertThat(settings.cache()).isEqualTo(Path.of(System.getProperty("user.home"), ".cache/huggingface/hub"));
        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.offline()).isFalse();
        assertThat(settings.symlinks()).isTrue();
        assertThat(settings.attempts()).isEqualTo(5);
        assertThat(settings.firstPause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void readsTheVariablesOfHuggingfaceHub() throws IOException {
        Files.writeString(home.resolve("token"), "hf_file\n");

        HubSettings byHome = from(Map.of("HF_HOME", home.toString(), "HF_HUB_OFFLINE", "1"));
        HubSettings byCache = from(Map.of(
                "HF_HOME", home.toString(),
                "HF_HUB_CACHE", "~/models",
                "HF_TOKEN", " hf_variable ",
                "HF_ENDPOINT", "http://mirror:8080/hf/",
                "HF_HUB_DISABLE_SYMLINKS", "true"));

        assertThat(byHome.cache()).isEqualTo(home.resolve("hub"));
        assertThat(byHome.token()).contains("hf_file");
        assertThat(byHome.offline()).isTrue();
        assertThat(byCache.cache()).isEqualTo(Path.of(System.getProperty("user.home"), "models"));
        assertThat(byCache.token()).contains("hf_variable");
        assertThat(byCache.endpoint()).hasToString("http://mirror:8080/hf");
        assertThat(byCache.symlinks()).isFalse();
        assertThat(from(Map.of("XDG_CACHE_HOME", home.toString())).cache()).isEqualTo(home.resolve("huggingface/hub"));
    }

    @Test
    void neverShowsTheToken() {
        HubSettings settings = from(Map.of("HF_TOKEN", "hf_secret"));

        assertThat(settings.toString()).doesNotContain("hf_secret").contains("token=set");
        assertThatThrownBy(() -> from(Map.of("HF_TOKEN", "hf_secret with\nline")))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HF_TOKEN")
                .message()
                .doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface.co", "ftp://x", "https://", "https://user:secret@host", "http://a b"})
    void refusesAnEndpointThatIsNone(String endpoint) {
        assertThatThrownBy(() -> from(Map.of("HF_ENDPOINT", endpoint)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HF_ENDPOINT")
                .message()
                .doesNotContain("secret");
    }

    private static HubSettings from(Map<String, String> environment) {
        return HubSettings.fromEnvironment(environment::get);
    }
}
