/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/**
 * Counters of one name that differ in their labels. The registry is asked for each of them once. Some labels come out of
 * records that others write: beyond {@value #MOST} counters everything new is counted as {@value #OTHER}. Safe for use by
 * many threads.
 */
public final class CounterFamily {

    /** Most counters of one family. */
    public static final int MOST = 100;

    /** Stands for all labels for which there was no room. */
    public static final String OTHER = "other";

    /** Stands for a label that has no value. */
    public static final String NONE = "none";

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final List<String> labels;
    private final ConcurrentMap<List<String>, Counter> counters = new ConcurrentHashMap<>();

    /**
     * A family without any counter so far.
     *
     * @param name in Micrometer's style, with dots
     * @param labels names of the labels; none for a family of one
     */
    public CounterFamily(MeterRegistry registry, String name, String description, String... labels) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.labels = List.of(labels);
    }

    /**
     * The counter with these labels; made with the first call, so that it can be had at 0 before there is anything to count.
     *
     * @param values of the labels, in their order; null for {@value #NONE}
     */
    public Counter of(String... values) {
        List<String> key = new ArrayList<>(values.length);
        for (String value : values) {
            key.add(value == null ? NONE : value);
        }
        Counter known = counters.get(key);
        if (known != null) {
            return known;
        }
        return counters.computeIfAbsent(
                counters.size() < MOST
                        ? List.copyOf(key)
                        : labels.stream().map(label -> OTHER).toList(),
                this::register);
    }

    private Counter register(List<String> values) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            tags.add(Tag.of(labels.get(i), values.get(i)));
        }
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /** What has been counted: name and label values, joined by dots, and the number. */
    public void forEach(BiConsumer<String, Long> reader) {
        for (Map.Entry<List<String>, Counter> entry : counters.entrySet()) {
            String full = entry.getKey().isEmpty() ? name : name + "." + String.join(".", entry.getKey());
            reader.accept(full, (long) entry.getValue().count());
        }
    }
}
