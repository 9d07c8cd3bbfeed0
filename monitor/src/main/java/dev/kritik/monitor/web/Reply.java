/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer.
 *
 * @param headers besides the content type and those that every answer has
 */
@SuppressWarnings("ArrayRecordComponent") // written once, compared never
record Reply(int status, String type, byte[] body, Map<String, String> headers) {

    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    static Reply of(int status, String type, String text) {
        return new Reply(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply json(Object value) {
        return new Reply(200, JSON, bytes(value), Map.of());
    }

    /** What went wrong, in words, as JSON (RFC 9457). */
    static Reply problem(int status, String title, String detail) {
        return new Reply(
                status,
                "application/problem+json",
                bytes(Map.of("status", status, "title", title, "detail", detail)),
                Map.of());
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can be written as JSON", e);
        }
    }

    Reply with(String name, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(name, value);
        return new Reply(status, type, body, all);
    }
}
