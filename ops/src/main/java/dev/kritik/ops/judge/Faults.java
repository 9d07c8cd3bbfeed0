/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How often each fault strikes.
 *
 * @param rates share of the requests, 0 to 1, by fault; together at most 1. A fault that is left out never strikes
 */
public record Faults(Map<Fault, Double> rates) {

    /** No fault ever. */
    public static final Faults NONE = new Faults(Map.of());

    /** A way in which a model server fails. */
    public enum Fault {
        /** Status 429 with Retry-After. */
        RATE_LIMITED("429"),
        /** Status 500. */
        SERVER_ERROR("500"),
        /** The request is taken and never answered. */
        HANG("hang"),
        /** The connection is closed without an answer. */
        DROPPED("dropped"),
        /** The text is cut short; finish_reason is "length". */
        TRUNCATED("truncated"),
        /** The text holds no scores that can be read. */
        UNPARSABLE("unparsable");

        private final String word;

        Fault(String word) {
            this.word = word;
        }

        private static Fault of(String word) {
            return Arrays.stream(values())
                    .filter(fault -> fault.word.equals(word.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("fault '" + word + "' is none of "
                            + Arrays.stream(values()).map(fault -> fault.word).collect(Collectors.joining(", "))));
        }
    }

    public Faults {
        rates = Map.copyOf(rates);
        double sum = 0;
        for (double rate : rates.values()) {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("a fault's rate of " + rate + " is not between 0 and 1");
            }
            sum += rate;
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("the rates of the faults add up to " + sum + ", more than 1");
        }
    }

    /**
     * Reads {@code 429=0.05,hang=0.01}; the words are 429, 500, hang, dropped, truncated, unparsable.
     *
     * @throws IllegalArgumentException if it can't be read so
     */
    public static Faults parse(String text) {
        Map<Fault, Double> rates = new EnumMap<>(Fault.class);
        for (String item : text.split(",", -1)) {
            String[] parts = item.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("'" + item + "' is not of the form FAULT=RATE");
            }
            try {
                rates.put(Fault.of(parts[0]), Double.valueOf(parts[1].strip()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + item + "': the rate is no number", e);
            }
        }
        return new Faults(rates);
    }

    /** The fault that a draw between 0 and 1 hits; null for none. */
    Fault pick(double draw) {
        double edge = 0;
        for (Fault fault : Fault.values()) {
            edge += rates.getOrDefault(fault, 0.0);
            if (draw < edge) {
                return fault;
            }
        }
        return null;
    }
}
