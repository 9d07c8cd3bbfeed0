/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.nano;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What kritik-nano begins with: its shape and its tokenizer, and the configuration of each training. */
public final class NanoFiles {

    private static final List<String> BASE = List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "generation_config.json",
            "kritik.json");

    private static final List<String> TRAININGS =
            List.of("pretrain-small", "pretrain", "cold", "rft", "rl", "meta-rm", "paradigm", "head");

    private NanoFiles() {}

    /**
     * Writes {@code base/}, a checkpoint without weights, and {@code config/}, a properties file for each training. Files that
     * are there already stay as they are, so that a run can be changed.
     */
    public static void write(Path out) throws IOException {
        for (String name : BASE) {
            copy(name, out.resolve("base").resolve(name));
        }
        for (String name : TRAININGS) {
            copy(name + ".properties", out.resolve("config").resolve(name + ".properties"));
        }
    }

    /** The configuration of a training that comes with Kritik, by name. */
    public static Map<String, String> training(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = NanoFiles.class.getResourceAsStream("/nano/" + name + ".properties")) {
            properties.load(in);
        }
        Map<String, String> keys = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> keys.put(key, properties.getProperty(key)));
        return keys;
    }

    private static void copy(String name, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = NanoFiles.class.getResourceAsStream("/nano/" + name)) {
            Files.copy(in, target);
        }
    }
}
