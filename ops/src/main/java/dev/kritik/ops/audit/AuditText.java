/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.ops.audit.invariant.Invariant;
import dev.kritik.ops.audit.invariant.Violation;

/** A report for people, and for programs. */
final class AuditText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AuditReport report;

    AuditText(AuditReport report) {
        this.report = report;
    }

    /** Lines for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        report.totals().forEach((name, value) -> lines.add(name.replace('_', ' ') + ": " + words(value)));
        report.skipped().forEach(what -> lines.add("not decided: " + what));
        lines.add("");
        for (Invariant invariant : Invariant.values()) {
            long count = report.counts().getOrDefault(invariant, 0L);
            lines.add(String.format("%-8s  %-22s  %s", invariant, invariant.title(), verdict(invariant, count)));
            report.violations().stream()
                    .filter(violation -> violation.invariant() == invariant)
                    .forEach(violation -> lines.add("          " + violation));
        }
        return lines;
    }

    private String verdict(Invariant invariant, long count) {
        if (count == 0) {
            boolean skipped = report.skipped().stream().anyMatch(what -> what.startsWith(invariant.name()));
            return skipped ? "not decided" : "ok";
        }
        return count + (count == 1 ? " violation" : " violations");
    }

    private static String words(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return String.valueOf(value);
        }
        List<String> parts = new ArrayList<>();
        map.forEach((name, count) -> parts.add(name + " " + count));
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    /** JSON Lines: each violation, then the summary. */
    List<String> json() {
        List<String> lines = new ArrayList<>();
        try {
            for (Violation violation : report.violations()) {
                Map<String, Object> plain = new LinkedHashMap<>();
                plain.put("violation", violation.invariant().name());
                plain.put("group", violation.group());
                plain.put("what", violation.what());
                plain.put("where", violation.where());
                lines.add(JSON.writeValueAsString(plain));
            }
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("clean", report.clean());
            summary.put("violations", new TreeMap<>(report.counts()));
            summary.put("totals", report.totals());
            summary.put("not_decided", report.skipped());
            lines.add(JSON.writeValueAsString(summary));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return lines;
    }
}
