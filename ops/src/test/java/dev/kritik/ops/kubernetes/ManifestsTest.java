/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.kubernetes;

import static dev.kritik.ops.kubernetes.Manifests.container;
import static dev.kritik.ops.kubernetes.Manifests.labels;
import static dev.kritik.ops.kubernetes.Manifests.name;
import static dev.kritik.ops.kubernetes.Manifests.pod;
import static dev.kritik.ops.kubernetes.Manifests.stream;
import static dev.kritik.ops.kubernetes.Manifests.texts;
import static dev.kritik.ops.kubernetes.Manifests.workloads;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds for the manifests whatever the roles do: they fit together, and pods may do as little as possible. */
class ManifestsTest {

    @Test
    void everyFileIsNamedByTheKustomizationOfItsFolder() throws Exception {
        for (Path kustomization : Manifests.files("")) {
            if (!kustomization.endsWith("kustomization.yaml")) {
                continue;
            }
            // Given
            Path folder = kustomization.getParent();
            JsonNode names = Manifests.read(kustomization).getFirst();
            List<String> named = new ArrayList<>(texts(names.path("resources")));
            named.addAll(texts(names.path("components")));
            stream(names.path("patches"))
                    .filter(patch -> patch.has("path"))
                    .forEach(patch -> named.add(patch.path("path").asText()));
            stream(names.path("configMapGenerator")).forEach(map -> named.addAll(texts(map.path("files"))));

            // Then
            for (String file : named) {
                assertThat(folder.resolve(file)).as(kustomization.toString()).exists();
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString())
                                .filter(file -> !file.equals("kustomization.yaml")))
                        .as(folder.toString())
                        .isSubsetOf(named);
            }
        }
    }

    @Test
    void podsMayDoNothingThatTheyDoNotNeed() throws Exception {
        List<JsonNode> all = workloads("");
        assertThat(all).hasSize(8);
        for (JsonNode workload : all) {
            String name = name(workload);
            JsonNode pod = pod(workload);
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                    .as(name)
                    .isFalse();
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).as(name).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean())
                    .as(name)
                    .isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).as(name).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                    .as(name)
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.path("containers")).as(name).hasSize(1);
            JsonNode security = container(workload).path("securityContext");
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .as(name)
                    .isFalse();
            assertThat(texts(security.at("/capabilities/drop"))).as(name).containsExactly("ALL");
            JsonNode resources = container(workload).path("resources");
            for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
                assertThat(resources.path("requests").has(resource))
                        .as(name + " " + resource)
                        .isTrue();
            }
            assertThat(resources.at("/limits/memory"))
                    .as(name + ": what it asks for it gets")
                    .isEqualTo(resources.at("/requests/memory"));
        }
        for (JsonNode workload : workloads("base")) {
            assertThat(pod(workload).path("serviceAccountName").asText()).isEqualTo("kritik");
            assertThat(pod(workload).at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(container(workload)
                            .at("/securityContext/readOnlyRootFilesystem")
                            .asBoolean())
                    .isTrue();
            stream(container(workload).path("volumeMounts"))
                    .filter(mount -> !mount.path("readOnly").asBoolean())
                    .forEach(mount ->
                            assertThat(mount.path("mountPath").asText()).isIn("/tmp", "/var/lib/kritik"));
        }
    }

    @Test
    void whatIsMountedIsThere() throws Exception {
        for (JsonNode workload : workloads("")) {
            Set<String> volumes = Stream.of("/spec/template/spec/volumes", "/spec/volumeClaimTemplates")
                    .flatMap(place -> stream(workload.at(place)))
                    .map(volume -> volume.has("name") ? volume.path("name").asText() : name(volume))
                    .collect(Collectors.toSet());
            assertThat(stream(container(workload).path("volumeMounts"))
                            .map(mount -> mount.path("name").asText()))
                    .as(name(workload))
                    .isSubsetOf(volumes);
        }
    }

    @Test
    void imagesHaveFixedTagsThatFitTheBuild() throws Exception {
        // Given
        String pom = Files.readString(Path.of(System.getProperty("kritik.root"), "pom.xml"));
        String version = first("<artifactId>kritik</artifactId>\\s*<version>([^<]+)</version>", pom);
        Map<String, String> tags = Map.of(
                "kritik", version,
                "kritik-djl", version,
                "kritik-djl-cuda", version,
                "apache/kafka", first("<kafka.broker.version>([^<]+)<", pom),
                "apicurio/apicurio-registry", first("<apicurio.version>([^<]+)<", pom));

        // Then
        Set<String> images = new TreeSet<>();
        Manifests.in("")
                .forEach(object -> stream(pod(object).path("containers"))
                        .forEach(container -> images.add(container.path("image").asText())));
        assertThat(images)
                .isEqualTo(tags.entrySet().stream()
                        .map(tag -> tag.getKey() + ":" + tag.getValue())
                        .collect(Collectors.toCollection(TreeSet::new)));
        for (JsonNode object : Manifests.in("overlays")) {
            stream(object.path("images"))
                    .forEach(image -> assertThat(image.path("newTag").asText()).startsWith(version));
        }
    }

    @Test
    void selectorsFindThePodsThatTheyAreFor() throws Exception {
        List<JsonNode> pods = workloads("");
        for (JsonNode workload : pods) {
            if (!workload.path("kind").asText().equals("Job")) {
                assertThat(labels(workload.at("/spec/template/metadata/labels")))
                        .as(name(workload))
                        .containsAllEntriesOf(labels(workload.at("/spec/selector/matchLabels")));
            }
            stream(pod(workload).path("topologySpreadConstraints"))
                    .forEach(spread -> assertThat(found(spread.at("/labelSelector/matchLabels"), pods))
                            .containsExactly(workload));
        }
        for (JsonNode object : Manifests.in("")) {
            switch (object.path("kind").asText()) {
                case "Service" ->
                    assertThat(found(object.at("/spec/selector"), pods))
                            .as("Service " + name(object))
                            .singleElement()
                            .satisfies(workload -> stream(object.at("/spec/ports"))
                                    .forEach(port -> assertThat(ports(workload))
                                            .contains(port.path("targetPort").asText())));
                case "PodDisruptionBudget" ->
                    assertThat(found(object.at("/spec/selector/matchLabels"), pods))
                            .singleElement()
                            .satisfies(workload -> assertThat(name(workload)).isEqualTo(name(object)));
                case "NetworkPolicy" ->
                    assertThat(found(object.at("/spec/podSelector/matchLabels"), pods))
                            .as("NetworkPolicy " + name(object))
                            .isNotEmpty();
                default -> {
                    // selects nothing
                }
            }
        }
    }

    @Test
    void nobodyConnectsToAPodUnlessAPolicySaysSo() throws Exception {
        JsonNode deny = Manifests.named(Manifests.in("base"), "NetworkPolicy", "kritik-deny");
        assertThat(texts(deny.at("/spec/policyTypes"))).containsExactly("Ingress");
        assertThat(deny.path("spec").has("ingress")).isFalse();
        assertThat(found(deny.at("/spec/podSelector/matchLabels"), workloads("base")))
                .containsExactlyElementsOf(workloads("base"));
    }

    @Test
    void checkShLooksAtEveryOverlay() throws Exception {
        String script = Files.readString(Manifests.ROOT.resolve("check.sh"));
        List<String> checked = List.of(first("overlays=\"([^\"]+)\"", script).split(" "));
        try (Stream<Path> overlays = Files.list(Manifests.ROOT.resolve("overlays"))) {
            assertThat(overlays.map(overlay -> overlay.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(checked);
        }
    }

    static List<String> ports(JsonNode workload) {
        return stream(container(workload).path("ports"))
                .map(port -> port.path("name").asText())
                .toList();
    }

    /** The workloads whose pods have these labels. */
    static List<JsonNode> found(JsonNode selector, List<JsonNode> workloads) {
        assertThat(selector.isObject()).isTrue();
        return workloads.stream()
                .filter(workload -> labels(workload.at("/spec/template/metadata/labels"))
                        .entrySet()
                        .containsAll(labels(selector).entrySet()))
                .toList();
    }

    private static String first(String pattern, String text) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern);
        }
        return matcher.group(1);
    }
}
