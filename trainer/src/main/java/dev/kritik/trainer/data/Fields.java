/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.kritik.lm.text.ChatMessage;
import dev.kritik.trainer.data.JsonLines.Problem;

/** Reads the fields of a line; what is wrong is named by its field. */
final class Fields {

    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private Fields() {}

    static String text(JsonNode object, String name) throws Problem {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw new Problem("'" + name + "' is " + (value == null ? "missing" : "no text"));
        }
        return value.textValue();
    }

    static String textOrNull(JsonNode object, String name) throws Problem {
        return object.hasNonNull(name) ? text(object, name) : null;
    }

    static List<String> texts(JsonNode object, String name) throws Problem {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : array(object, name)) {
            if (!value.isTextual()) {
                throw new Problem("'" + name + "[" + texts.size() + "]' is no text");
            }
            texts.add(value.textValue());
        }
        return texts;
    }

    static JsonNode array(JsonNode object, String name) throws Problem {
        JsonNode value = object.get(name);
        if (value == null || !value.isArray()) {
            throw new Problem("'" + name + "' is " + (value == null ? "missing" : "no list"));
        }
        return value;
    }

    /** Turns with roles that models know. */
    static List<ChatMessage> messages(JsonNode object, String name) throws Problem {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : array(object, name)) {
            String at = name + "[" + messages.size() + "]";
            if (!turn.isObject()) {
                throw new Problem("'" + at + "' is no object with role and content");
            }
            try {
                String role = text(turn, "role");
                if (!ROLES.contains(role)) {
                    throw new Problem("unknown role '" + role + "'; there are system, user, assistant");
                }
                messages.add(new ChatMessage(role, text(turn, "content")));
            } catch (Problem e) {
                throw new Problem("in '" + at + "': " + e.getMessage());
            }
        }
        return messages;
    }

    static void require(boolean holds, String problem) throws Problem {
        if (!holds) {
            throw new Problem(problem);
        }
    }
}
