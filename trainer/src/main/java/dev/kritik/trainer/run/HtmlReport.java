/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The metrics of a run as one HTML file: curves, last numbers, configuration. It loads nothing, and is light or dark. */
final class HtmlReport {

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1a1a1a;--dim:#6b6b6b;--line:#ddd;--curve:#1664b8;--back:#fff}
            @media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--dim:#9a9a9a;--line:#3a3a3a;--curve:#6cb2ff;--back:#161616}}
            body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:76rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}p{color:var(--dim)}
            .alarm{color:#fff;background:#b3261e;padding:.6rem .8rem;border-radius:6px}
            .curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(21rem,1fr));gap:1rem}
            figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:.6rem}
            figcaption{display:flex;justify-content:space-between}figcaption b{font-weight:600}
            svg{width:100%;height:auto;display:block}
            polyline{fill:none;stroke:var(--curve);stroke-width:1.5;vector-effect:non-scaling-stroke}
            circle{fill:var(--curve)}line{stroke:var(--line)}text{fill:var(--dim);font-size:10px}
            table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;border-bottom:1px solid var(--line);word-break:break-word}
            """;

    private HtmlReport() {}

    static String of(Map<String, String> settings, List<Map<String, Object>> lines, int total) {
        int done = lines.isEmpty() ? 0 : number(lines.getLast().get("step")).intValue();
        String title = "Training " + settings.getOrDefault("run.kind", "") + ": step " + done + " of " + total;
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>\n" + STYLE
                + "</style></head><body>\n<h1>" + escape(title) + "</h1>\n" + alarm(lines) + "<p>"
                + escape(summary(lines)) + "</p>\n<h2>Curves</h2>\n<div class=\"curves\">\n" + curves(lines)
                + "</div>\n<h2>Last step</h2>\n" + table(lines.isEmpty() ? Map.of() : lines.getLast())
                + "<h2>Configuration</h2>\n" + table(settings) + "</body></html>\n";
    }

    /** Steps after which an evaluation found that rewards rise while right answers become fewer. */
    private static String alarm(List<Map<String, Object>> lines) {
        List<String> steps = lines.stream()
                .filter(line -> line.containsKey("eval_gold")
                        && number(line.get("alarm")).doubleValue() > 0)
                .map(line -> line.get("step").toString())
                .toList();
        return steps.isEmpty()
                ? ""
                : "<p class=\"alarm\">Reward hacking? The rewards rose and the right answers became fewer, seen after step "
                        + escape(String.join(", ", steps)) + ".</p>\n";
    }

    private static String summary(List<Map<String, Object>> lines) {
        double seconds = lines.stream()
                .mapToDouble(line -> number(line.get("seconds")).doubleValue())
                .filter(Double::isFinite)
                .sum();
        double tokens = lines.stream()
                .mapToDouble(line -> number(line.get("tokens")).doubleValue())
                .filter(Double::isFinite)
                .sum();
        return String.format(
                Locale.ROOT,
                "%.0f tokens in %.1f minutes of steps (evaluations and checkpoints left out)",
                tokens,
                seconds / 60);
    }

    private static String curves(List<Map<String, Object>> lines) {
        Set<String> names = new LinkedHashSet<>();
        lines.forEach(line -> names.addAll(line.keySet()));
        names.remove("step");
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            Map<Integer, Double> points = new LinkedHashMap<>();
            for (Map<String, Object> line : lines) {
                double value = number(line.get(name)).doubleValue();
                if (Double.isFinite(value)) {
                    points.put(number(line.get("step")).intValue(), value);
                }
            }
            if (!points.isEmpty()) {
                all.append(Curve.of(name, points)).append('\n');
            }
        }
        return all.toString();
    }

    /** Not a number where there is none. */
    private static Number number(Object value) {
        return value instanceof Number number ? number : Double.NaN;
    }

    private static String table(Map<String, ?> values) {
        return values.entrySet().stream()
                .map(entry -> "<tr><td>" + escape(entry.getKey()) + "</td><td>"
                        + escape(
                                entry.getValue() instanceof Double value
                                        ? Curve.format(value)
                                        : entry.getValue().toString())
                        + "</td></tr>")
                .collect(Collectors.joining("\n", "<table>\n", "\n</table>\n"));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
