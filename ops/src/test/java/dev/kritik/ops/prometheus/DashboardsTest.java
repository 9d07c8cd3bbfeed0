/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Grafana needs to show the dashboards; that their queries give something is {@link LiveQueriesTest}'s. */
class DashboardsTest {

    @Test
    void dashboardsHaveTheShapeThatGrafanaReads() throws Exception {
        List<JsonNode> dashboards = Dashboards.read();
        Set<String> uids = new HashSet<>();
        dashboards.forEach(dashboard -> uids.add(dashboard.path("uid").asText()));
        assertThat(uids).hasSize(3).hasSameSizeAs(dashboards);
        for (JsonNode dashboard : dashboards) {
            assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
            assertThat(dashboard.at("/templating/list/0/name").asText()).isEqualTo("datasource");
            dashboard
                    .path("links")
                    .forEach(link ->
                            assertThat(uids).contains(link.path("url").asText().replace("/d/", "")));
            panels(dashboard);
        }
    }

    private static void panels(JsonNode dashboard) {
        Set<Integer> ids = new HashSet<>();
        List<String> cells = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode place = panel.path("gridPos");
            for (int x = place.path("x").asInt();
                    x < place.path("x").asInt() + place.path("w").asInt();
                    x++) {
                for (int y = place.path("y").asInt();
                        y < place.path("y").asInt() + place.path("h").asInt();
                        y++) {
                    assertThat(x).as(title).isLessThan(24);
                    cells.add(x + "," + y);
                }
            }
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("description").asText()).as(title).isNotEmpty();
                assertThat(panel.path("targets")).as(title).isNotEmpty();
                panel.path("targets").forEach(target -> {
                    assertThat(target.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
                    assertThat(target.path("expr").asText()).as(title).isNotEmpty();
                });
            }
        }
        assertThat(cells).as("no panel lies on another").doesNotHaveDuplicates();
    }
}
