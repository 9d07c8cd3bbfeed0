/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.avro.Schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import dev.kritik.ops.topics.Finding.State;
import dev.kritik.schema.Contracts;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.Compatibility;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.registry.SchemaRegistry;

/** The registry's part of the {@link Bootstrap}: each contract under its subject, which takes only what fits both ways. */
final class SchemaBootstrap {

    private static final Compatibility LEVEL = Compatibility.FULL_TRANSITIVE;

    private final Map<String, String> config;
    private final Bootstrap.Mode mode;

    SchemaBootstrap(Map<String, String> config, Bootstrap.Mode mode) {
        this.config = config;
        this.mode = mode;
    }

    List<Finding> run() {
        if (config.getOrDefault(RegistryConfig.URL, "").isBlank()) {
            return List.of(new Finding(
                    "schema registry", State.NOTE, RegistryConfig.URL + " is not set: no schemas were looked at"));
        }
        Map<String, String> registering = new HashMap<>(config);
        registering.put(RegistryConfig.REGISTER, "true"); // roles may be bound to look-up only; this is where it's done
        List<Finding> findings = new ArrayList<>();
        try (HttpSchemaRegistry registry = new HttpSchemaRegistry(RegistryConfig.from(registering))) {
            Contracts.byTopic(KafkaSettings.from(config).topics()).forEach((topic, schema) -> {
                String subject = SchemaRegistry.valueSubject(topic);
                String thing = "subject " + subject;
                Finding owner = Bootstrap.attempted(thing, () -> owner(registry, subject, schema));
                if (owner.state() == State.OK) {
                    findings.add(Bootstrap.attempted(thing, () -> level(registry, subject)));
                    findings.add(Bootstrap.attempted(thing, () -> schema(registry, subject, schema)));
                } else {
                    findings.add(owner);
                }
            });
        }
        return findings;
    }

    /** OK where the subject is ours. A registry may be shared: what another application made is not to be touched. */
    private static Finding owner(HttpSchemaRegistry registry, String subject, Schema schema) {
        boolean ours = !registry.hasVersions(subject)
                || registry.find(subject, schema).isPresent()
                || registry.compatibility(subject).equals(Optional.of(LEVEL)); // so we left it, with an older schema
        return ours
                ? new Finding("subject " + subject, State.OK, "ours")
                : new Finding(
                        "subject " + subject,
                        State.DIFFERS,
                        "the subject exists with other schemas; set topics.prefix");
    }

    private Finding level(HttpSchemaRegistry registry, String subject) {
        String thing = "subject " + subject;
        Optional<Compatibility> found = registry.compatibility(subject);
        if (found.isEmpty()) {
            return Bootstrap.make(
                    mode, thing, "compatibility " + LEVEL, () -> registry.setCompatibility(subject, LEVEL));
        }
        return found.get() == LEVEL
                ? new Finding(thing, State.OK, "compatibility " + LEVEL)
                : new Finding(thing, State.DIFFERS, "compatibility: " + found.get() + " instead of " + LEVEL);
    }

    private Finding schema(HttpSchemaRegistry registry, String subject, Schema schema) {
        String thing = "subject " + subject;
        OptionalInt id = registry.find(subject, schema);
        if (id.isPresent()) {
            return new Finding(thing, State.OK, "schema " + schema.getFullName() + ", id " + id.getAsInt());
        }
        return Bootstrap.make(mode, thing, "schema " + schema.getFullName(), () -> registry.register(subject, schema));
    }
}
