/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables. A loop's turn and a macro's call have their own; what they set is gone afterwards. */
final class Scope {

    private final Scope outer;
    private final Map<String, Object> values = new HashMap<>();

    Scope(Scope outer) {
        this.outer = outer;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.values.containsKey(name)) {
                return scope.values.get(name);
            }
        }
        return new Values.Undefined(name);
    }
}
