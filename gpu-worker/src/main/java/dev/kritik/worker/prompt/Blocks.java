/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.schema.Message;

/** Texts between their markers, escaped and numbered from 1. */
record Blocks(Template words, String nonce) {

    String messages(List<Message> messages) {
        return IntStream.range(0, messages.size())
                .mapToObj(i -> words.fill(
                        "message",
                        Map.of(
                                "number", Integer.toString(i + 1),
                                "nonce", nonce,
                                "role", Escape.text(messages.get(i).getRole()),
                                "content", Escape.text(messages.get(i).getContent()))))
                .collect(Collectors.joining("\n"));
    }

    String responses(List<String> responses) {
        return IntStream.range(0, responses.size())
                .mapToObj(i -> words.fill(
                        "response",
                        Map.of(
                                "number", Integer.toString(i + 1),
                                "nonce", nonce,
                                "content", Escape.text(responses.get(i)))))
                .collect(Collectors.joining("\n"));
    }
}
