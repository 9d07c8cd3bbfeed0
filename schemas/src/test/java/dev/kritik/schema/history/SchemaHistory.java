/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.history;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kritik.schema.registry.PlainSchema;

/**
 * The versions of a contract that were ever released, and the rules that its next one keeps: what is kept in topics for
 * years must stay readable, by programs old and new (FULL_TRANSITIVE).
 *
 * @param versions by ascending number, from 1
 */
record SchemaHistory(List<Schema> versions) {

    /** Reads {@code 1.avsc}, {@code 2.avsc}, ...; nothing is there for a contract that was never released. */
    static SchemaHistory read(Path folder) {
        if (!Files.exists(folder)) {
            return new SchemaHistory(List.of());
        }
        TreeMap<Integer, Schema> byNumber = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                byNumber.put(
                        Integer.valueOf(name.replace(".avsc", "")), new Schema.Parser().parse(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the kept versions of a contract can't be read", e);
        }
        if (byNumber.isEmpty() || byNumber.firstKey() != 1 || byNumber.lastKey() != byNumber.size()) {
            throw new IllegalStateException(
                    folder + " must hold 1.avsc, 2.avsc, ... without a gap: " + byNumber.keySet());
        }
        return new SchemaHistory(List.copyOf(byNumber.values()));
    }

    /** Number of the version that a changed contract would get. */
    int next() {
        return versions.size() + 1;
    }

    /** Whether the contract is, to the letter, the last version. */
    boolean endsWith(Schema current) {
        return !versions.isEmpty() && PlainSchema.text(current).equals(PlainSchema.text(versions.getLast()));
    }

    /** Why the contract can't follow these versions; empty when it can. */
    List<String> problems(Schema current) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            Schema kept = versions.get(i);
            String version = current.getName() + " version " + (i + 1);
            incompatibilities(current, kept)
                    .forEach(it -> problems.add("new readers can't read " + version + ": " + it));
            incompatibilities(kept, current)
                    .forEach(it -> problems.add("readers of " + version + " can't read it: " + it));
            changedDefaults(kept, current, current.getName(), problems, new HashSet<>());
        }
        return problems;
    }

    private static List<String> incompatibilities(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return result.getResult().getIncompatibilities().stream()
                .map(it -> it.getType() + " at " + it.getLocation() + ": " + it.getMessage())
                .toList();
    }

    /** Avro allows another default; but then old and new readers see different values in the same bytes. */
    private static void changedDefaults(
            Schema kept, Schema current, String path, List<String> problems, Set<String> seen) {
        for (Schema part : parts(current)) {
            for (Schema before : parts(kept)) {
                if (part.getType() == Schema.Type.RECORD
                        && before.getType() == Schema.Type.RECORD
                        && part.getFullName().equals(before.getFullName())
                        && seen.add(part.getFullName())) {
                    for (Schema.Field field : part.getFields()) {
                        Schema.Field old = before.getField(field.name());
                        if (old != null) {
                            String name = path + "." + field.name();
                            if (old.hasDefaultValue() && !Objects.equals(old.defaultVal(), field.defaultVal())) {
                                problems.add("the default of " + name + " changed");
                            }
                            changedDefaults(old.schema(), field.schema(), name, problems, seen);
                        }
                    }
                }
            }
        }
    }

    /** Looks through arrays, maps and unions to what they hold. */
    static List<Schema> parts(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> parts(schema.getElementType());
            case MAP -> parts(schema.getValueType());
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(branch -> parts(branch).stream())
                        .toList();
            default -> List.of(schema);
        };
    }
}
