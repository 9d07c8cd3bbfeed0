/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.kubernetes;

import static dev.kritik.ops.kubernetes.Manifests.container;
import static dev.kritik.ops.kubernetes.Manifests.name;
import static dev.kritik.ops.kubernetes.Manifests.named;
import static dev.kritik.ops.kubernetes.Manifests.pod;
import static dev.kritik.ops.kubernetes.Manifests.settings;
import static dev.kritik.ops.kubernetes.Manifests.stream;
import static dev.kritik.ops.kubernetes.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.kritik.gateway.GatewayConfig;
import dev.kritik.monitor.dashboard.DashboardConfig;
import dev.kritik.monitor.lag.ExporterConfig;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ConfigReference;
import dev.kritik.ops.topics.TopicsConfig;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.stream.StreamConfig;
import dev.kritik.telemetry.TelemetryConfig;
import dev.kritik.worker.WorkerConfig;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.critic.JudgesConfig;
import dev.kritik.worker.meta.MetaConfig;

/** The manifests against the roles: commands, configuration, ports, health, and the time to end. */
class RolesTest {

    private static final String BASE = "base/kritik.properties";
    private static final String TRY = "overlays/try/kritik.properties";
    private static final String PRODUCTION = "overlays/production/kritik.properties";

    /** How long a role takes to close at most, apart from a worker: dev.kritik.ops.cli.Role. */
    private static final int CLOSE_SECONDS = 30;

    @Test
    void everyPodRunsACommandThatThereIsWithTheFileThatIsMounted() throws Exception {
        for (JsonNode workload : Manifests.workloads("base")) {
            // Given
            List<String> arguments = new ArrayList<>(texts(container(workload).path("args")));
            assertThat(arguments).contains("--config=/etc/kritik/kritik.properties", "--log-format=json");
            assertThat(stream(container(workload).path("volumeMounts"))
                            .anyMatch(mount -> mount.path("mountPath").asText().equals("/etc/kritik")
                                    && mount.path("name").asText().equals("config")))
                    .isTrue();
            arguments.remove("--log-format=json"); // the log of this process stays as it is

            // When
            arguments.add("--help");
            Cli help = Cli.run(arguments.toArray(String[]::new));

            // Then
            assertThat(help.code()).as("%s: %s", arguments, help.err()).isZero();
            assertThat(help.out())
                    .contains("Usage: kritik "
                            + name(workload).replace("kritik-", "").replace("topics", "topics create"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, TRY, PRODUCTION})
    void everyRoleTakesItsConfiguration(String file) throws Exception {
        for (JsonNode workload : Manifests.workloads("base")) {
            Map<String, String> config = configuration(file, workload, List.of());
            assertKnown(config);
            read(name(workload), config, environment(workload));
        }
    }

    @Test
    void everyRoleTakesItsConfigurationWithTlsAndSaslAndAModelOfItsOwn() throws Exception {
        // Given
        List<String> secured = added("components/secured/kustomization.yaml");
        List<String> gpu = added("components/gpu/kustomization.yaml");
        assertThat(secured).hasSize(5).anyMatch(argument -> argument.contains("${dir:/etc/kritik-kafka:password}"));
        assertThat(gpu).hasSize(3);

        // Then
        for (JsonNode workload : Manifests.workloads("base")) {
            assertKnown(configuration(PRODUCTION, workload, secured));
        }
        JsonNode worker = named(Manifests.workloads("base"), "Deployment", "kritik-worker");
        Map<String, String> config = configuration(PRODUCTION, worker, gpu);
        assertKnown(config);
        read("kritik-worker", config, environment(worker));
    }

    @Test
    void portsAndProbesAreThoseOfTheRole() throws Exception {
        for (JsonNode workload : Manifests.workloads("base")) {
            if (workload.path("kind").asText().equals("Job")) {
                continue;
            }
            // Given
            JsonNode container = container(workload);
            Map<String, String> settings = settings(texts(container.path("args")));
            JsonNode port = container.at("/ports/0");
            boolean telemetry = port.path("name").asText().equals("telemetry");
            String key = telemetry ? "telemetry.http.address" : name(workload).replace("kritik-", "") + ".http.address";

            // Then
            assertThat(settings)
                    .containsEntry(key, "0.0.0.0:" + port.path("containerPort").asText());
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(container.path(probe).at("/httpGet/port")).as(probe).isEqualTo(port.path("name"));
            }
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
            // An instance of the stream application that is given no partitions must not hold up a rollout.
            assertThat(container.at("/readinessProbe/httpGet/path").asText())
                    .isEqualTo(name(workload).equals("kritik-stream") ? "/health/settled" : "/health/ready");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, TRY, PRODUCTION})
    void podsAreGivenTheTimeThatRolesTakeToEnd(String file) throws Exception {
        for (JsonNode workload : Manifests.workloads("base")) {
            long grace = pod(workload).path("terminationGracePeriodSeconds").asLong(CLOSE_SECONDS);
            switch (name(workload)) {
                case "kritik-topics" -> {
                    // ends by itself
                }
                case "kritik-worker" ->
                    assertThat(grace * 1000)
                            .isGreaterThanOrEqualTo(10_000
                                    + WorkerConfig.from(configuration(file, workload, List.of()))
                                            .shutdownGrace()
                                            .toMillis());
                default -> assertThat(grace).as(name(workload)).isGreaterThan(CLOSE_SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, PRODUCTION})
    void theStreamApplicationHasWorkForEachInstanceAndOneMoreForTheCopies(String file) throws Exception {
        int replicas = named(Manifests.workloads("base"), "StatefulSet", "kritik-stream")
                .at("/spec/replicas")
                .asInt();
        Map<String, String> config = Manifests.properties(file);
        assertThat(replicas)
                .isLessThanOrEqualTo(Integer.parseInt(config.get("topics.partitions")))
                .isGreaterThan(Integer.parseInt(config.get("stream.standby.replicas")));
    }

    @Test
    void aPodOfTheStreamApplicationKeepsItsNameAndItsFolder() throws Exception {
        JsonNode stream = named(Manifests.workloads("base"), "StatefulSet", "kritik-stream");
        Map<String, String> settings = settings(texts(container(stream).path("args")));
        assertThat(settings)
                .containsEntry("stream.instance.id", "$(POD_NAME)")
                .containsEntry("stream.state.dir", "/var/lib/kritik");
        assertThat(stream(container(stream).path("env"))
                        .filter(variable -> variable.path("name").asText().equals("POD_NAME"))
                        .map(variable ->
                                variable.at("/valueFrom/fieldRef/fieldPath").asText()))
                .containsExactly("metadata.name");
        assertThat(stream(container(stream).path("volumeMounts"))
                        .filter(mount -> mount.path("mountPath").asText().equals("/var/lib/kritik"))
                        .map(mount -> mount.path("name").asText()))
                .containsExactly(name(stream.at("/spec/volumeClaimTemplates/0")));
    }

    /** What a pod of a workload is given: the file, and its arguments over it. */
    private static Map<String, String> configuration(String file, JsonNode workload, List<String> more) {
        Map<String, String> all = new TreeMap<>(Manifests.properties(file));
        settings(texts(container(workload).path("args")))
                .forEach((key, value) -> all.put(key, value.replace("$(POD_NAME)", name(workload) + "-0")));
        all.putAll(settings(more));
        return all;
    }

    private static void assertKnown(Map<String, String> config) {
        assertThatCode(() -> Configs.rejectUnknown(config, ConfigReference.definitions(), ConfigReference.families()))
                .doesNotThrowAnyException();
    }

    private static void read(String workload, Map<String, String> config, UnaryOperator<String> environment) {
        KafkaSettings.from(config);
        RegistryConfig.from(config);
        switch (workload) {
            case "kritik-topics" -> TopicsConfig.from(config);
            case "kritik-stream" -> {
                StreamConfig.from(config);
                TelemetryConfig.from(config, environment);
            }
            case "kritik-worker" -> {
                WorkerConfig.from(config);
                CriticConfig.from(config);
                JudgesConfig.from(config);
                MetaConfig.from(config);
                TelemetryConfig.from(config, environment);
            }
            case "kritik-gateway" -> GatewayConfig.from(config, environment);
            case "kritik-exporter" -> {
                ExporterConfig.from(config);
                TelemetryConfig.from(config, environment);
            }
            case "kritik-dashboard" -> DashboardConfig.from(config, environment);
            default -> throw new AssertionError("no role for " + workload);
        }
    }

    /** The secrets that a pod can be given: variables out of Secrets. */
    private static UnaryOperator<String> environment(JsonNode workload) {
        Set<String> names = stream(container(workload).path("env"))
                .filter(variable ->
                        variable.at("/valueFrom/secretKeyRef/key").asText().length() > 0)
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
        return name -> names.contains(name) ? "a-secret-of-some-length" : null;
    }

    /** The arguments that a component adds to pods. */
    private static List<String> added(String component) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (JsonNode patch : Manifests.one(component).path("patches")) {
            stream(Manifests.parse(patch.path("patch").asText()))
                    .filter(operation -> operation.path("path").asText().endsWith("/args/-"))
                    .forEach(operation -> arguments.add(operation.path("value").asText()));
        }
        return arguments;
    }
}
