/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.kritik.lm.generate.Generated;

/**
 * What all samples took together.
 *
 * @param samples how many were asked for
 * @param failed how many of them gave no text
 * @param seed of the first
 * @param promptTokens tokens of the prompt; 0 when all failed
 * @param sharedTokens prompt tokens that were computed once for several samples, over all of them
 * @param tokens tokens that were written
 * @param firstSeconds from asking to the first piece of text
 * @param seconds from asking to the end of the last sample; loading left out
 */
record Summary(
        int samples,
        int failed,
        long seed,
        int promptTokens,
        long sharedTokens,
        long tokens,
        double firstSeconds,
        double seconds) {

    static Summary of(List<Sample> samples, long seed, double firstSeconds, double seconds) {
        List<Generated> written =
                samples.stream().map(Sample::generated).filter(Objects::nonNull).toList();
        return new Summary(
                samples.size(),
                samples.size() - written.size(),
                seed,
                written.stream().mapToInt(Generated::promptTokens).max().orElse(0),
                written.stream().mapToLong(Generated::sharedTokens).sum(),
                written.stream().mapToLong(text -> text.tokens().length).sum(),
                firstSeconds,
                seconds);
    }

    double tokensPerSecond() {
        return tokens / Math.max(seconds, 1e-9);
    }

    /** One line for people. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%d tokens in %.2f s: %.1f tokens/s; first text after %.2f s; prompt %d tokens%s; seed %d%s",
                tokens,
                seconds,
                tokensPerSecond(),
                firstSeconds,
                promptTokens,
                samples == 1 ? "" : ", of " + samples + " samples " + sharedTokens + " shared",
                seed,
                failed == 0 ? "" : "; " + failed + " samples failed");
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode summary = json.putObject("summary");
        summary.put("samples", samples);
        summary.put("failed", failed);
        summary.put("seed", seed);
        summary.put("prompt_tokens", promptTokens);
        summary.put("shared_tokens", sharedTokens);
        summary.put("tokens", tokens);
        summary.put("tokens_per_second", tokensPerSecond());
        summary.put("first_seconds", firstSeconds);
        summary.put("seconds", seconds);
        return json;
    }
}
