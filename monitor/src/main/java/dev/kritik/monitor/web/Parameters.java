/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import org.eclipse.jetty.util.Fields;

import java.util.Arrays;

/** Parameters of a request, checked. */
final class Parameters {

    /** What is wrong with one, in words. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    private final Fields fields;

    Parameters(Fields fields) {
        this.fields = fields;
    }

    /** The value; empty where there is none. */
    String text(String name) {
        String value = fields.getValue(name);
        return value == null ? "" : value;
    }

    String required(String name) {
        if (fields.getValue(name) == null) {
            throw new Wrong("the parameter '" + name + "' is missing");
        }
        return fields.getValue(name);
    }

    long number(String name, long otherwise, long least, long most) {
        String value = fields.getValue(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new Wrong("the parameter '" + name + "' is no whole number");
        }
        throw new Wrong("the parameter '" + name + "' must lie between " + least + " and " + most);
    }

    <E extends Enum<E>> E choice(String name, E otherwise, Class<E> type) {
        String value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        for (E one : type.getEnumConstants()) {
            if (one.name().equalsIgnoreCase(value)) {
                return one;
            }
        }
        throw new Wrong("the parameter '" + name + "' is none of " + Arrays.toString(type.getEnumConstants()));
    }
}
