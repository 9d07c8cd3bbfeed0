/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.kritik.trainer.replay.Selection.Decided;
import dev.kritik.trainer.replay.Selection.Fate;
import dev.kritik.trainer.replay.TrainingFiles.Kind;
import dev.kritik.trainer.replay.TrainingFiles.Written;

/** What a replay kept, what not, and why. It says no time, so that equal replays have equal reports. */
public final class ReplayReport {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode head;
    private final Counts records = new Counts();
    private final Counts groups = new Counts();
    private final Map<Fate, Counts> critiques = new EnumMap<>(Fate.class);
    private final SortedMap<String, Counts> domains = new TreeMap<>();
    private final SortedMap<String, Counts> prompts = new TreeMap<>();
    private Map<Kind, Written> files = Map.of();

    /** @param head what was read and by which rules; stands in front of the counts */
    ReplayReport(ObjectNode head) {
        this.head = head;
        for (Fate fate : Fate.values()) {
            critiques.put(fate, new Counts());
        }
        for (Fate fate : Fate.values()) {
            groups.add(groupsWith(fate), 0);
        }
    }

    private static String groupsWith(Fate fate) {
        return "with_" + name(fate);
    }

    private static String name(Fate fate) {
        return fate.name().toLowerCase(Locale.ROOT);
    }

    Counts records() {
        return records;
    }

    Counts groups() {
        return groups;
    }

    void decided(LabelledGroup group, Decided decided) {
        critiques.get(decided.fate()).one(decided.reason());
        String fate = name(decided.fate());
        domains.computeIfAbsent(group.domain(), domain -> new Counts()).one(fate);
        prompts.computeIfAbsent(decided.trajectory().critique().getPromptVersion(), version -> new Counts())
                .one(fate);
    }

    void groupWith(Fate fate) {
        groups.one(groupsWith(fate));
    }

    void files(Map<Kind, Written> written) {
        files = new EnumMap<>(written);
    }

    /** Lines of a file. */
    long lines(Kind kind) {
        return files.get(kind).lines();
    }

    /** Critiques that went this way. */
    public long critiques(Fate fate) {
        return critiques.get(fate).byName().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** One JSON object. */
    public ObjectNode json() {
        ObjectNode json = NODES.objectNode();
        json.setAll(head);
        json.set("records", records.json());
        json.set("groups", groups.json());
        ObjectNode fates = json.putObject("critiques");
        critiques.forEach((fate, reasons) -> fates.set(name(fate), reasons.json()));
        ObjectNode byDomain = json.putObject("domains");
        domains.forEach((domain, counts) -> byDomain.set(domain, counts.json()));
        ObjectNode byPrompt = json.putObject("prompt_versions");
        prompts.forEach((version, counts) -> byPrompt.set(version, counts.json()));
        ObjectNode byFile = json.putObject("files");
        files.forEach((kind, written) ->
                byFile.putObject(kind.fileName()).put("lines", written.lines()).put("sha256", written.sha256()));
        return json;
    }

    /** Several lines for people, the last one ended. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-12s %-24s %10s%n", "critiques", "why", "count"));
        critiques.forEach((fate, reasons) -> {
            if (reasons.byName().isEmpty()) {
                text.append(row(name(fate), "", 0));
            }
            reasons.byName().forEach((reason, count) -> text.append(row(name(fate), reason, count)));
        });
        text.append(String.format(
                Locale.ROOT, "%n%-26s %10s %10s %10s %10s%n", "domain", "accepted", "hinted", "rejected", "dropped"));
        domains.forEach((domain, counts) -> text.append(fates(domain, counts)));
        text.append(String.format(
                Locale.ROOT, "%n%-26s %10s %10s %10s %10s%n", "prompt", "accepted", "hinted", "rejected", "dropped"));
        prompts.forEach((version, counts) -> text.append(fates(version, counts)));
        text.append(String.format(Locale.ROOT, "%ngroups: %s%nrecords: %s%n", plain(groups), plain(records)));
        files.forEach((kind, written) ->
                text.append(String.format(Locale.ROOT, "%-16s %10d lines%n", kind.fileName(), written.lines())));
        return text.toString();
    }

    private static String row(String fate, String reason, long count) {
        return String.format(Locale.ROOT, "%-12s %-24s %10d%n", fate, reason, count);
    }

    private static String fates(String name, Counts counts) {
        return String.format(
                Locale.ROOT,
                "%-26s %10d %10d %10d %10d%n",
                name,
                counts.byName().getOrDefault(name(Fate.ACCEPTED), 0L),
                counts.byName().getOrDefault(name(Fate.HINTED), 0L),
                counts.byName().getOrDefault(name(Fate.REJECTED), 0L),
                counts.byName().getOrDefault(name(Fate.DROPPED), 0L));
    }

    private static String plain(Counts counts) {
        StringBuilder text = new StringBuilder();
        counts.byName()
                .forEach((name, count) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(name.replace('_', ' '))
                        .append(' ')
                        .append(count));
        return text.toString();
    }
}
