/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of ops/prometheus, by promtool where it is installed; and what stands beside them. */
class RulesTest {

    private static final Path RUNBOOKS = Path.of(System.getProperty("kritik.root"), "docs", "runbooks");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("runbook_url: (docs/runbooks/[a-z-]+\\.md)");

    @Test
    void rulesAreValidAndAlertsFireAndAreSilentAsTheirTestsSay() throws Exception {
        assumeTrue(PrometheusTools.find("promtool").isPresent(), "promtool is not installed (Debian: prometheus)");
        PrometheusTools.promtool("check", "config", "prometheus.yml");
        PrometheusTools.promtool("test", "rules", "tests/alerts_test.yml");
    }

    @Test
    void eachAlertHasATestThatFiresOneThatDoesNotAndARunbookOfItsOwn() throws Exception {
        // Given
        String rules = Files.readString(PrometheusTools.RULES.resolve("alerts.yml"));
        String tests = Files.readString(PrometheusTools.RULES.resolve("tests/alerts_test.yml"));
        List<String> alerts = names(ALERT, rules);
        List<String> runbooks = names(RUNBOOK, rules);

        // Then
        assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
        assertThat(runbooks).hasSameSizeAs(alerts).doesNotHaveDuplicates();
        for (int i = 0; i < alerts.size(); i++) {
            Path page = Path.of(System.getProperty("kritik.root")).resolve(runbooks.get(i));
            assertThat(Files.readString(page)).startsWith("# " + alerts.get(i) + "\n");
            assertThat(tests)
                    .containsPattern("alertname: " + alerts.get(i) + "\n +exp_alerts: \\[\\]")
                    .containsPattern("alertname: " + alerts.get(i) + "\n +exp_alerts:\n");
            assertThat(Files.readString(RUNBOOKS.resolve("README.md"))).contains("[" + alerts.get(i) + "](");
        }
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
