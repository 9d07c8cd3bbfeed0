/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.List;
import java.util.Map;

/**
 * Arguments of a call: those without a name, in their order, and those with one.
 *
 * @param what the function, for errors
 */
record Args(String what, List<Object> positional, Map<String, Object> named, int line) {

    /** At most these parameters, in this order; a call with others is an error. */
    Args of(String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateException(line, what + " takes at most " + parameters.length + " arguments");
        }
        for (String name : named.keySet()) {
            if (!List.of(parameters).contains(name)) {
                throw new TemplateException(line, what + " takes no argument " + name);
            }
        }
        return this;
    }

    /** The value itself, if there are no arguments; any is an error. */
    <T> T none(T value) {
        of();
        return value;
    }

    /** All of them; one with a name is an error. */
    List<Object> unnamed() {
        if (!named.isEmpty()) {
            throw new TemplateException(line, what + " with named arguments is not supported");
        }
        return positional;
    }

    /** The argument at this place names another function; those behind it are for that one. */
    Args inner(int index) {
        unnamed();
        return new Args(text(index, "name"), positional.subList(index + 1, positional.size()), named, line);
    }

    boolean has(int index, String name) {
        return index < positional.size() || named.containsKey(name);
    }

    Object get(int index, String name) {
        if (!has(index, name)) {
            throw new TemplateException(line, what + " needs an argument " + name);
        }
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Object get(int index, String name, Object otherwise) {
        return has(index, name) ? get(index, name) : otherwise;
    }

    String text(int index, String name) {
        if (get(index, name) instanceof String text) {
            return text;
        }
        throw new TemplateException(line, "the argument " + name + " of " + what + " has to be text");
    }

    /** Null where the argument is none or is not there. */
    String textOrNull(int index, String name) {
        return get(index, name, null) == null ? null : text(index, name);
    }

    int number(int index, String name, int otherwise) {
        Object value = get(index, name, (long) otherwise);
        if (value instanceof Long n && n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE) {
            return n.intValue();
        }
        throw new TemplateException(line, "the argument " + name + " of " + what + " has to be a whole number");
    }
}
