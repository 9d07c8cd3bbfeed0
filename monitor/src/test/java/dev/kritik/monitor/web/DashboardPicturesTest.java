/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Takes the pictures of the README from a dashboard that runs, such as that of {@code kritik local --demo}:
 * {@code ./mvnw -pl monitor -am test -Dtest=DashboardPicturesTest -Dkritik.dashboard.url=http://127.0.0.1:8390}. They go to
 * docs/.
 */
@EnabledIfSystemProperty(named = "kritik.dashboard.url", matches = "http.*")
class DashboardPicturesTest {

    private static final long MOST_BYTES = 300_000;

    @TempDir
    private Path profile;

    @Test
    void picturesOfARunningDashboard() throws Exception {
        // Given
        String url = System.getProperty("kritik.dashboard.url");
        Path folder = Path.of(System.getProperty("kritik.root"), "docs");
        try (Chromium chromium = new Chromium(Chromium.find().orElseThrow(), profile)) {
            // When
            chromium.size(1280, 1560, 1);
            chromium.scheme("light");
            chromium.open(url + "/?range=5");
            chromium.until("document.querySelector('.histogram') && document.querySelector('.part-judges td')");
            await().pollDelay(Duration.ofSeconds(12))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> true); // lines of the lag begin when somebody looks
            chromium.screenshot(folder.resolve("dashboard-light.png"));
            chromium.scheme("dark");
            settle();
            chromium.screenshot(folder.resolve("dashboard-dark.png"));
            chromium.scheme("light");
            chromium.open(url + "/groups?status=OK");
            chromium.until("document.querySelector('table.groups tbody a')");
            // The first with a spread: there is more to see.
            chromium.eval("[...document.querySelectorAll('table.groups tbody tr')]"
                    + ".find(row => !row.textContent.includes('no spread')).querySelector('a').click()");
            chromium.until("document.querySelector('table.votes')");
            chromium.size(1280, 1400, 1);
            settle();
            chromium.screenshot(folder.resolve("dashboard-group.png"));
            chromium.size(390, 844, 2);
            chromium.open(url + "/?range=5");
            chromium.until("document.querySelector('.stage')");
            settle();
            chromium.screenshot(folder.resolve("dashboard-phone.png"));
        }

        // Then
        for (String name : new String[] {"light", "dark", "group", "phone"}) {
            assertThat(Files.size(folder.resolve("dashboard-" + name + ".png"))).isBetween(10_000L, MOST_BYTES);
        }
    }

    private static void settle() {
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    }
}
