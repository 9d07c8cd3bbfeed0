/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import java.util.EnumMap;
import java.util.Map;

import dev.kritik.schema.config.ConfigError;

/** Values of quantities: those that were given or measured, over the presets. Immutable. */
public final class Inputs {

    private final Map<Quantity, Double> given;

    private Inputs(Map<Quantity, Double> given) {
        this.given = given;
    }

    /** Presets only. */
    public static Inputs presets() {
        return new Inputs(Map.of());
    }

    /**
     * These with others over them.
     *
     * @param values by key, as texts
     * @throws ConfigError if a key is not known, or a value can't be; names it
     */
    public Inputs with(Map<String, String> values) {
        EnumMap<Quantity, Double> all = new EnumMap<>(Quantity.class);
        all.putAll(given);
        values.forEach((key, text) -> {
            Quantity quantity = Quantity.of(key.strip())
                    .orElseThrow(
                            () -> new ConfigError("'" + key + "' is no quantity: 'kritik capacity --keys' lists them"));
            all.put(quantity, value(quantity, text));
        });
        return new Inputs(all);
    }

    private static double value(Quantity quantity, String text) {
        double value;
        try {
            value = Double.parseDouble(text.strip().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new ConfigError(quantity.key() + " is '" + text + "', which is no number", e);
        }
        String problem = quantity.problem(value);
        if (problem != null) {
            throw new ConfigError(quantity.key() + " is " + text + ": it " + problem);
        }
        return value;
    }

    /** The value. */
    public double get(Quantity quantity) {
        return given.getOrDefault(quantity, quantity.preset());
    }

    /** The value, or, where it is 0, another. */
    double or(Quantity quantity, double otherwise) {
        double value = get(quantity);
        return value > 0 ? value : otherwise;
    }

    /** Whether somebody said so. */
    boolean given(Quantity quantity) {
        return given.containsKey(quantity);
    }
}
