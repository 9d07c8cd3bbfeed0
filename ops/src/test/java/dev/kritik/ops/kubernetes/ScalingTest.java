/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.kubernetes;

import static dev.kritik.ops.kubernetes.Manifests.name;
import static dev.kritik.ops.kubernetes.Manifests.named;
import static dev.kritik.ops.kubernetes.Manifests.stream;
import static dev.kritik.ops.kubernetes.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.kritik.ops.MetersTable;
import dev.kritik.worker.WorkerConfig;

/** What scales workers and watches pods, against rules, meters and defaults. */
class ScalingTest {

    private static final Path OPS = Path.of(System.getProperty("kritik.root"), "ops");

    /** group.share.max.size, unless the brokers are told otherwise. */
    private static final int MEMBERS = 200;

    private static final Pattern METER = Pattern.compile("\\bkritik_\\w+");

    @Test
    void theOperatorGetsTheRulesOfOpsPrometheus() throws Exception {
        // Given
        List<JsonNode> groups = new ArrayList<>();
        for (String file : List.of("recording.yml", "alerts.yml")) {
            stream(Manifests.read(OPS.resolve("prometheus").resolve(file))
                            .getFirst()
                            .path("groups"))
                    .forEach(groups::add);
        }

        // Then
        assertThat(stream(Manifests.one("components/monitoring/prometheus-rules.yaml")
                        .at("/spec/groups")))
                .as("deploy/kubernetes/generate.sh writes it")
                .containsExactlyElementsOf(groups);
    }

    @Test
    void workersAreScaledByAFigureThatIsRecordedOutOfMetersThatThereAre() throws Exception {
        // Given
        String query = scaler().at("/spec/triggers/0/metadata/query").asText();
        JsonNode rule = stream(Manifests.read(OPS.resolve("prometheus/recording.yml"))
                        .getFirst()
                        .at("/groups/0/rules"))
                .filter(candidate -> candidate.path("record").asText().equals(query))
                .findFirst()
                .orElseThrow();
        List<String> meters = METER.matcher(rule.path("expr").asText())
                .results()
                .map(found -> found.group())
                .toList();

        // Then
        assertThat(meters)
                .hasSizeGreaterThan(2)
                .isSubsetOf(MetersTable.read().rows().keySet());
        assertThat(rule.path("expr").asText()).contains("kritik:lag_records:sum");
    }

    @Test
    void workersAreScaledToTheSlotsThatTheyHaveAndTheMembersThatBrokersTake() throws Exception {
        // Given
        JsonNode scaler = scaler().path("spec");
        int slots = WorkerConfig.from(Manifests.properties("base/kritik.properties"))
                .settings()
                .slots();

        // Then
        assertThat(scaler.at("/triggers/0/type").asText()).isEqualTo("prometheus");
        assertThat(scaler.at("/triggers/0/metadata/threshold").asInt()).isEqualTo(slots);
        assertThat(scaler.path("maxReplicaCount").asInt() * slots).isLessThanOrEqualTo(MEMBERS);
        assertThat(scaler.at("/triggers/0/metadata/ignoreNullValues").asText())
                .as("silence is an error and not 0, else there is no fallback")
                .isEqualTo("false");
        assertThat(scaler.at("/scaleTargetRef/name").asText())
                .isEqualTo(name(named(Manifests.workloads("base"), "Deployment", "kritik-worker")));
        JsonNode patch = Manifests.one("components/keda/kustomization.yaml").at("/patches/0");
        assertThat(patch.at("/target/name").asText()).isEqualTo("kritik-worker");
        assertThat(patch.path("patch").asText()).contains("op: remove", "path: /spec/replicas");
    }

    @Test
    void everyPodIsScraped() throws Exception {
        List<JsonNode> pods = Manifests.workloads("base").stream()
                .filter(workload -> !workload.path("kind").asText().equals("Job"))
                .toList();
        List<JsonNode> scraped = new ArrayList<>();
        for (JsonNode monitor : Manifests.read(Manifests.ROOT.resolve("components/monitoring/pod-monitors.yaml"))) {
            List<String> components = texts(monitor.at("/spec/selector/matchExpressions/0/values"));
            for (JsonNode pod : ManifestsTest.found(monitor.at("/spec/selector/matchLabels"), pods)) {
                String component = pod.at("/spec/template/metadata/labels")
                        .path("app.kubernetes.io/component")
                        .asText();
                if (components.isEmpty() || components.contains(component)) {
                    scraped.add(pod);
                    assertThat(ManifestsTest.ports(pod))
                            .contains(monitor.at("/spec/podMetricsEndpoints/0/port")
                                    .asText());
                }
            }
        }
        assertThat(scraped).containsExactlyInAnyOrderElementsOf(pods);
    }

    @Test
    void grafanaGetsEveryDashboard() throws Exception {
        JsonNode map = Manifests.read(OPS.resolve("grafana/kustomization.yaml"))
                .getFirst()
                .at("/configMapGenerator/0");
        try (Stream<Path> files = Files.list(OPS.resolve("grafana"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(texts(map.path("files")));
        }
    }

    private static JsonNode scaler() throws Exception {
        return Manifests.one("components/keda/workers.yaml");
    }
}
