/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;

/** What an HTTP status other than success means for a try. */
final class Refusals {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 300;

    /** Words by which vLLM, SGLang, llama.cpp, TGI and hosted APIs say that a prompt does not fit. */
    private static final List<String> TOO_LONG = List.of(
            "context length",
            "context_length",
            "context size",
            "context_size",
            "context window",
            "maximum model length",
            "max_model_len",
            "longer than the model",
            "too long",
            "max_new_tokens");

    private Refusals() {}

    /** Whether the server says that it has no room now. */
    static boolean isBusy(int status) {
        return status == 429 || status == 503;
    }

    /** Whether the fault is in the configuration, so that no request will do better until a person acts. */
    static boolean isMisconfigured(int status) {
        return status == 401 || status == 403 || status == 404 || status == 405 || (status >= 300 && status < 400);
    }

    static JudgeException toException(int status, byte[] body, long millis, Optional<String> secret) {
        String words = words(body, secret);
        String message = "the server answered " + status + (words.isEmpty() ? "" : ": " + words);
        if (status == 413
                || ((status == 400 || status == 422) && isTooLong(new String(body, StandardCharsets.UTF_8)))) {
            return new JudgeException(Reason.PROMPT_TOO_LONG, false, message, null, millis);
        }
        if (status == 504) {
            return new JudgeException(Reason.JUDGE_TIMEOUT, true, message, null, millis);
        }
        boolean retryable = status >= 500 || status == 408 || status == 409 || status == 425 || status == 429;
        return new JudgeException(Reason.JUDGE_ERROR, retryable, message, null, millis);
    }

    private static boolean isTooLong(String body) {
        String lower = body.toLowerCase(Locale.ROOT);
        return TOO_LONG.stream().anyMatch(lower::contains);
    }

    /** The server's own words: {@code error.message}, {@code message} or {@code detail}, or the beginning of the body. */
    private static String words(byte[] body, Optional<String> secret) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(body);
            for (JsonNode found :
                    List.of(json.at("/error/message"), json.path("message"), json.path("detail"), json.path("error"))) {
                if (found.isTextual()) {
                    text = found.textValue();
                    break;
                }
            }
        } catch (JacksonException e) {
            // no JSON: the body as it is
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        if (secret.isPresent()) {
            text = text.replace(secret.get(), "***");
        }
        String line = text.strip().replaceAll("\\s++", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
