/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.kritik.lm.checkpoint.Safetensors.Entry;

/**
 * The tensors of a folder: in one {@code model.safetensors}, or in several files that {@code model.safetensors.index.json}
 * lists. As in transformers, the single file wins where there are both.
 *
 * @param entries all tensors by name, those of unusable types too
 * @param files where they were looked for
 */
record Shards(SortedMap<String, Entry> entries, List<Path> files) {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    Shards {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
        files = List.copyOf(files);
    }

    /** @throws CheckpointException when there are no such files, one is missing or broken, or lacks what the index says */
    static Shards of(Path folder) {
        Path single = folder.resolve(SINGLE);
        if (Files.isRegularFile(single)) {
            return new Shards(new TreeMap<>(Safetensors.read(single)), List.of(single));
        }
        return ofIndex(folder, index(folder));
    }

    /** No tensors. */
    static Shards none(Path folder) {
        return new Shards(new TreeMap<>(), List.of(folder.resolve(SINGLE)));
    }

    /** @throws CheckpointException when the folder has neither the one file nor an index, or the index is broken */
    static SortedSet<String> fileNames(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return new TreeSet<>(Set.of(SINGLE));
        }
        return new TreeSet<>(weightMap(index(folder)).values());
    }

    private static JsonFields index(Path folder) {
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new CheckpointException(
                    folder + " holds neither " + SINGLE + " nor " + INDEX + ". " + advice(folder));
        }
        return JsonFields.read(index);
    }

    /** Names of files by names of tensors. */
    private static SortedMap<String, String> weightMap(JsonFields index) {
        JsonFields map = index.object("weight_map")
                .orElseThrow(() -> new CheckpointException(index.where() + ": 'weight_map' is missing"));
        SortedMap<String, String> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> weight : map.node().properties()) {
            String file = weight.getValue().asText("");
            // The index comes with the checkpoint, from strangers: it may not point out of the folder.
            if (!file.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
                throw map.wrong(weight.getKey(), "the name of a safetensors file in the same folder");
            }
            files.put(weight.getKey(), file);
        }
        return files;
    }

    private static Shards ofIndex(Path folder, JsonFields index) {
        Map<String, Map<String, Entry>> shards = new HashMap<>();
        SortedMap<String, Entry> entries = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        weightMap(index).forEach((name, file) -> {
            Map<String, Entry> shard = shards.computeIfAbsent(file, missing -> {
                Path path = folder.resolve(missing);
                if (!Files.isRegularFile(path)) {
                    throw new CheckpointException(path + " is missing; " + INDEX + " says that tensor " + name
                            + " is in it. Get the file, the download may be incomplete");
                }
                files.add(path);
                return Safetensors.read(path);
            });
            Entry entry = shard.get(name);
            if (entry == null) {
                throw new CheckpointException(
                        folder.resolve(file) + " lacks tensor " + name + ", which " + INDEX + " says is in it");
            }
            entries.put(name, entry);
        });
        return new Shards(entries, files);
    }

    private static String advice(Path folder) {
        List<String> others;
        try (Stream<Path> list = Files.list(folder)) {
            others = list.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return "The folder can't be listed: " + e.getMessage();
        }
        if (others.contains("adapter_config.json")) {
            return "It is an adapter (LoRA): merge it into its base model first, and save that";
        }
        return others.stream()
                .filter(name -> name.endsWith(".bin") || name.endsWith(".gguf") || name.endsWith(".pt"))
                .findFirst()
                .map(name -> "There is " + name + ": convert it to safetensors, with transformers by"
                        + " AutoModelForCausalLM.from_pretrained(folder).save_pretrained(other_folder)")
                .orElse("Is it the folder of a model?");
    }
}
