/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of named parts with places to fill in, read from the class path once. */
final class Template {

    private static final Pattern PART = Pattern.compile("(?m)^=== (\\S+) ===\n");
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private final String name;
    private final Map<String, String> parts;

    private Template(String name, Map<String, String> parts) {
        this.name = name;
        this.parts = parts;
    }

    /** Reads {@code prompts/NAME.txt}. */
    static Template load(String name) {
        String path = "/prompts/" + name + ".txt";
        try (InputStream in = Template.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> parts = new HashMap<>();
            Matcher heading = PART.matcher(text);
            boolean more = heading.find();
            while (more) {
                String part = heading.group(1);
                int start = heading.end();
                more = heading.find();
                parts.put(
                        part,
                        text.substring(start, more ? heading.start() : text.length())
                                .strip());
            }
            return new Template(name, Map.copyOf(parts));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " can't be read", e);
        }
    }

    /** Fills the places of a part in one pass: what is filled in is not looked through again. */
    String fill(String part, Map<String, String> values) {
        String text = parts.get(part);
        if (text == null) {
            throw new IllegalArgumentException(name + " has no part " + part);
        }
        StringBuilder filled = new StringBuilder();
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalArgumentException(name + ", part " + part + ": no value for " + place.group(1));
            }
            place.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return place.appendTail(filled).toString();
    }
}
