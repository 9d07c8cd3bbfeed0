/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.kubernetes;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files of deploy/kubernetes, as they are written; what Kustomize makes of them is check.sh's. */
final class Manifests {

    static final Path ROOT = Path.of(System.getProperty("kritik.root"), "deploy", "kubernetes");

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private Manifests() {}

    /** Objects of all files of a folder and the folders in it, in the order of the files' names. */
    static List<JsonNode> in(String folder) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (Path file : files(folder)) {
            objects.addAll(read(file));
        }
        return objects;
    }

    /** YAML files of a folder and the folders in it. */
    static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    /** The objects of one file. */
    static List<JsonNode> read(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    /** YAML that stands as text within YAML. */
    static JsonNode parse(String text) throws IOException {
        return YAML.readTree(text);
    }

    /** The only object of one file. */
    static JsonNode one(String file) throws IOException {
        List<JsonNode> objects = read(ROOT.resolve(file));
        if (objects.size() != 1) {
            throw new IOException(file + " holds " + objects.size() + " objects");
        }
        return objects.getFirst();
    }

    /** Those that run pods: with a kind, a name and a whole template. Patches have no selector and are none. */
    static List<JsonNode> workloads(String folder) throws IOException {
        return in(folder).stream()
                .filter(object -> pod(object).has("containers"))
                .filter(object -> object.at("/spec/selector").isObject()
                        || object.path("kind").asText().equals("Job"))
                .toList();
    }

    static JsonNode named(List<JsonNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static JsonNode container(JsonNode workload) {
        return pod(workload).at("/containers/0");
    }

    /** The texts of a list. */
    static List<String> texts(JsonNode list) {
        return stream(list).map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The labels of a selector or of an object. */
    static Map<String, String> labels(JsonNode object) {
        Map<String, String> labels = new TreeMap<>();
        object.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    /** The settings after --set= among arguments. */
    static Map<String, String> settings(List<String> arguments) {
        Map<String, String> settings = new LinkedHashMap<>();
        arguments.stream()
                .filter(argument -> argument.startsWith("--set="))
                .map(argument -> argument.substring("--set=".length()).split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));
        return settings;
    }

    /** A properties file, as the roles read it. */
    static Map<String, String> properties(String file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(ROOT.resolve(file))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        return all;
    }
}
