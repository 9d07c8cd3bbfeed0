/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers with recorded texts. One JSON object a line:
 *
 * <ul>
 *   <li>{@code query_id}: answers requests for the group of this id, and prompts with a {@link RecordedTag} of it;
 *   <li>{@code match}: answers prompts that hold this text; one of the two must be there;
 *   <li>{@code responses}: for each response a piece of text by which it is found in the prompt, needed for the
 *       placeholders;
 *   <li>{@code texts}: by sample number, and over again from the start: a string, or an object with {@code text},
 *       and if wanted {@code scores} (by response), {@code meta_logit} and {@code finish_reason}.
 * </ul>
 *
 * A judge sees the responses in another order in each sample, so a text names them by placeholders: <code>{{r2}}</code>
 * becomes the number under which the response with index 2 is shown, and <code>{{scores}}</code> the box with
 * {@code scores} in the shown order.
 */
public final class RecordedTexts implements Recording {

    /** The name under which the texts are served; requests may name any model. */
    static final String MODEL = "recorded-texts";

    private record Entry(String queryId, String match, List<String> responses, List<Item> texts) {}

    private record Item(String text, List<Integer> scores, Double metaLogit, String finishReason) {}

    private final List<Entry> entries;

    private RecordedTexts(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads the lines.
     *
     * @param source names the lines in errors
     * @throws IOException if they can't be read or have another form; the message names the line
     */
    public static RecordedTexts read(String source, BufferedReader lines) throws IOException {
        List<Entry> entries = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                try {
                    entries.add(entry(json.readTree(line)));
                } catch (IOException | RuntimeException e) {
                    throw new IOException(source + ", line " + number + " is no record of texts: " + e.getMessage(), e);
                }
            }
        }
        if (entries.isEmpty()) {
            throw new IOException(source + " holds no texts");
        }
        return new RecordedTexts(List.copyOf(entries));
    }

    private static Entry entry(JsonNode line) {
        List<String> responses = new ArrayList<>();
        line.path("responses").forEach(response -> responses.add(response.asText()));
        List<Item> texts = new ArrayList<>();
        line.required("texts").forEach(text -> texts.add(item(text, responses.size())));
        Entry entry = new Entry(
                line.path("query_id").asText(null), line.path("match").asText(null), List.copyOf(responses), texts);
        if (entry.queryId() == null && entry.match() == null) {
            throw new IllegalArgumentException("it has neither query_id nor match");
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("texts is empty");
        }
        return entry;
    }

    private static Item item(JsonNode node, int responses) {
        if (node.isTextual()) {
            return new Item(node.textValue(), List.of(), null, "stop");
        }
        List<Integer> scores = new ArrayList<>();
        node.path("scores").forEach(score -> scores.add(score.intValue()));
        if (!scores.isEmpty() && scores.size() != responses) {
            throw new IllegalArgumentException(scores.size() + " scores for " + responses + " responses");
        }
        Double logit = node.hasNonNull("meta_logit") ? node.get("meta_logit").doubleValue() : null;
        return new Item(
                node.required("text").asText(),
                List.copyOf(scores),
                logit,
                node.path("finish_reason").asText("stop"));
    }

    @Override
    public String about() {
        return "recorded texts for " + entries.size() + " queries";
    }

    @Override
    public List<String> models() {
        return List.of(MODEL);
    }

    @Override
    public Answer critique(Question question) {
        Entry entry = find(question);
        if (entry == null) {
            return new Refusal(404, "no text for this prompt is on record");
        }
        Item item = pick(entry, question);
        return new Text(render(entry, item, question.prompt()), item.finishReason(), null, null);
    }

    @Override
    public Answer logit(Question question) {
        Entry entry = find(question);
        Double logit = entry == null ? null : pick(entry, question).metaLogit();
        return logit == null ? new Refusal(404, "no logit for this sample is on record") : new Logit(logit);
    }

    private Entry find(Question question) {
        Set<String> ids = new HashSet<>();
        if (question.sample() != null) {
            ids.add(question.sample().group());
        }
        RecordedTag.find(question.prompt()).forEach(tag -> ids.add(tag.queryId()));
        return entries.stream()
                .filter(entry -> ids.contains(entry.queryId()))
                .findFirst()
                .or(() -> entries.stream()
                        .filter(entry ->
                                entry.match() != null && question.prompt().contains(entry.match()))
                        .findFirst())
                .orElse(null);
    }

    private static Item pick(Entry entry, Question question) {
        int texts = entry.texts().size();
        return entry.texts().get(Math.floorMod(question.sample(texts), texts));
    }

    private static String render(Entry entry, Item item, String prompt) {
        List<Integer> shown = shown(entry, prompt);
        String text = item.text();
        for (int response = 0; response < entry.responses().size(); response++) {
            int place = shown.indexOf(response);
            text = text.replace("{{r" + response + "}}", place < 0 ? "(not shown)" : String.valueOf(place + 1));
        }
        if (item.scores().isEmpty()) {
            return text;
        }
        String scores = shown.stream()
                .map(response -> String.valueOf(item.scores().get(response)))
                .collect(Collectors.joining(", "));
        return text.replace("{{scores}}", "\\boxed{" + scores + "}");
    }

    /** The indices of the responses that the prompt shows, in its order. Of equal responses only the first is looked for. */
    private static List<Integer> shown(Entry entry, String prompt) {
        return IntStream.range(0, entry.responses().size())
                .filter(response -> entry.responses().indexOf(entry.responses().get(response)) == response)
                .filter(response -> prompt.contains(entry.responses().get(response)))
                .boxed()
                .sorted(Comparator.comparingInt(
                        response -> prompt.lastIndexOf(entry.responses().get(response))))
                .toList();
    }
}
