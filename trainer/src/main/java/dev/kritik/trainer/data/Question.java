/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.schema.Message;

/**
 * A query for a policy: {@code {"messages":[{"role","content"}, ...]}}, or {@code {"prompt":"..."}} for a single user's turn;
 * with {@code "answers":["...", ...]} where it is known what is right. Other fields are passed over.
 *
 * @param id of the line, or where it stands
 * @param messages the conversation that the policy goes on with
 * @param answers all texts that are a right answer; empty: not known
 */
public record Question(String id, List<Message> messages, List<String> answers) {

    public Question {
        messages = List.copyOf(messages);
        answers = List.copyOf(answers);
    }

    /**
     * Reads a file of queries.
     *
     * @throws DataException naming file and line of the first that can't be used, and a file without any
     */
    public static List<Question> read(Path file) {
        List<Question> questions = new ArrayList<>();
        JsonLines.read(file, (object, place) -> {
            List<Message> messages = object.has("prompt") && !object.has("messages")
                    ? List.of(new Message("user", Fields.text(object, "prompt")))
                    : Fields.messages(object, "messages");
            Fields.require(!messages.isEmpty(), "'messages' is empty");
            questions.add(new Question(
                    object.hasNonNull("id") ? object.get("id").asText() : place.toString(),
                    messages,
                    object.hasNonNull("answers") ? Fields.texts(object, "answers") : List.of()));
        });
        if (questions.isEmpty()) {
            throw new DataException(file + " holds no query");
        }
        return questions;
    }

    /** Whether a text is a right answer, however much white space is around and between its words. */
    public boolean isRight(String text) {
        String plain = plain(text);
        return answers.stream().anyMatch(answer -> plain(answer).equals(plain));
    }

    private static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
