/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.schema.Sha256;

/** What was exported: enough to check the files, and to make them again. It names no time and no machine. */
final class Manifest {

    private Manifest() {}

    static JsonNode of(ExportRequest request, Map<What, TopicState> states, Path folder, String again)
            throws IOException {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("format", request.format().name())
                .put("compression", request.format() == Format.parquet || request.zstd() ? "zstd" : "none")
                .put("cluster", request.cluster());
        ArrayNode jobs = manifest.putArray("jobs");
        request.jobs().forEach(jobs::add);
        Bounds any = request.bounds().get(request.what().getFirst());
        manifest.put("from_ms", any.fromMs()).put("to_ms", any.toMs());
        manifest.put("again", request.options() + " " + again);
        ObjectNode topics = manifest.putObject("topics");
        for (What what : request.what()) {
            topic(topics.putObject(what.name()), request, what, states.get(what));
        }
        ObjectNode files = manifest.putObject("files");
        String ending = request.format() == Format.parquet ? ".parquet" : request.zstd() ? ".jsonl.zst" : ".jsonl";
        for (What what : request.what()) {
            for (Path file : Parts.of(folder, what.name(), ending)) {
                files.putObject(file.getFileName().toString())
                        .put("bytes", Files.size(file))
                        .put("sha256", Sha256.hex(file));
            }
        }
        return manifest;
    }

    private static void topic(ObjectNode topic, ExportRequest request, What what, TopicState state) {
        topic.put("topic", request.topic(what))
                .put("contract", what.schema().getFullName())
                .put("contract_sha256", fingerprint(what.schema()))
                .put("records", state.records())
                .put("of_other_times", state.otherTimes())
                .put("of_other_jobs", state.otherJobs())
                .put("unreadable", state.unreadable());
        ArrayNode unreadable = topic.putArray("unreadable_at");
        state.unreadableAt()
                .forEach(one -> unreadable
                        .addObject()
                        .put("partition", one.partition())
                        .put("offset", one.offset())
                        .put("reason", one.reason()));
        ObjectNode offsets = topic.putObject("offsets");
        state.spans()
                .forEach((partition, span) -> offsets.putObject(Integer.toString(partition))
                        .put("from", span.from())
                        .put("to", span.to()));
    }

    /** Of Avro's canonical form, which leaves out what does not change the meaning. */
    private static String fingerprint(Schema schema) {
        return HexFormat.of()
                .formatHex(Sha256.digest()
                        .digest(SchemaNormalization.toParsingForm(schema).getBytes(StandardCharsets.UTF_8)));
    }
}
