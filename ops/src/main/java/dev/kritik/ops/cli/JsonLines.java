/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.slf4j.event.KeyValuePair;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Each event of the log as one JSON object on one line: {@code time}, {@code level}, {@code thread}, {@code logger},
 * {@code message}, then the keys of the event as fields of their own, and {@code stackTrace} if there is one. Numbers and
 * truth values stay what they are, all else is text. (Logback's own JSON has the keys in a list of objects, which log stores
 * can't search by key.)
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final String STACK_TRACE = "stackTrace";
    private static final Set<String> OWN = Set.of("time", "level", "thread", "logger", "message", STACK_TRACE);

    private final JsonFactory json = new JsonFactory();
    private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();

    @Override
    public void start() {
        stackTraces.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator line = json.createGenerator(bytes)) {
            line.writeStartObject();
            line.writeStringField(
                    "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
            line.writeStringField("level", event.getLevel().toString());
            line.writeStringField("thread", event.getThreadName());
            line.writeStringField("logger", event.getLoggerName());
            line.writeStringField("message", event.getFormattedMessage());
            keys(event, line);
            if (event.getThrowableProxy() != null) {
                line.writeStringField(STACK_TRACE, stackTraces.convert(event));
            }
            line.writeEndObject();
            line.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory take everything", e);
        }
        return bytes.toByteArray();
    }

    /** An object has each name once: the last of equal keys stands, and one that has a name of ours gets another. */
    private static void keys(ILoggingEvent event, JsonGenerator line) throws IOException {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        Set<String> later = new HashSet<>();
        for (KeyValuePair pair : pairs.reversed()) {
            String name = OWN.contains(pair.key) ? pair.key + "_" : pair.key;
            if (!later.add(name)) {
                continue;
            }
            line.writeFieldName(name);
            switch (pair.value) {
                case null -> line.writeNull();
                case Integer number -> line.writeNumber(number);
                case Long number -> line.writeNumber(number);
                case Double number -> line.writeNumber(number); // NaN becomes text
                case Boolean truth -> line.writeBoolean(truth);
                default -> line.writeString(pair.value.toString());
            }
        }
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
