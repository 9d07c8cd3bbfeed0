/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast something may be read at most.
 *
 * @param perSecond bytes or records a second; infinite for no limit
 * @param records whether records are counted; else bytes
 */
public record Rate(double perSecond, boolean records) {

    /** No limit. */
    public static final Rate NONE = new Rate(Double.POSITIVE_INFINITY, true);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)(|K|M|G)(B?)/s");

    public Rate {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("a rate is above 0");
        }
    }

    /**
     * Reads {@code 20MB/s} (1 MB is 1,000,000 bytes), {@code 500/s} (records) or {@code none}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Rate parse(String text) {
        if (text.strip().equalsIgnoreCase("none")) {
            return NONE;
        }
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()
                || (matcher.group(3).isEmpty() && !matcher.group(2).isEmpty())) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no rate, as 20MB/s (bytes), 500/s (records) or none (no limit)");
        }
        double unit = switch (matcher.group(2)) {
            case "K" -> 1e3;
            case "M" -> 1e6;
            case "G" -> 1e9;
            default -> 1;
        };
        double number = Double.parseDouble(matcher.group(1));
        if (number <= 0) {
            throw new IllegalArgumentException("'" + text + "' is no rate: it is above 0, or none");
        }
        return new Rate(number * unit, matcher.group(3).isEmpty());
    }

    /** Seconds that this much takes at least. */
    double seconds(long recordCount, long bytes) {
        return (records ? recordCount : bytes) / perSecond;
    }

    @Override
    public String toString() {
        if (Double.isInfinite(perSecond)) {
            return "none";
        }
        return records
                ? String.format(Locale.ROOT, "%.6g/s", perSecond)
                : String.format(Locale.ROOT, "%.6gMB/s", perSecond / 1e6);
    }

    /** For options. */
    public static final class Converter implements ITypeConverter<Rate> {
        @Override
        public Rate convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
