/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.kritik.ops.bench.GrpoCourse.Decoding;
import dev.kritik.ops.bench.GrpoCourse.Point;

/**
 * Right answers over minutes of wall time as one SVG that loads nothing, light or dark as the reader's system is. It paints
 * its own background, so that it can be read on any page.
 */
final class GrpoSvg {

    private static final int WIDTH = 780;
    private static final int HEIGHT = 400;
    private static final int LEFT = 52;
    private static final int RIGHT = 212;
    private static final int TOP = 50;
    private static final int BOTTOM = 52;
    /** Between the middles of two labels. */
    private static final double LABEL = 18;

    private static final String STYLE = """
            svg{--ink:#1f2328;--dim:#59636e;--rule:#d8dee4;--back:#ffffff;--judge:#0b5cad;--gold:#a04a00}
            @media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--dim:#9aa5b1;--rule:#30363d;--back:#0d1117;--judge:#6cb2ff;--gold:#f2a65a}}
            text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--dim)}
            .back{fill:var(--back)}.rule{stroke:var(--rule)}.end{text-anchor:end}.middle{text-anchor:middle}
            .line{fill:none;stroke-linejoin:round;stroke-linecap:round}.sampled{stroke-width:2.6}.greedy{stroke-width:1.4}
            .judge .line,.judge .leader{stroke:var(--judge)}.gold .line,.gold .leader{stroke:var(--gold)}.gold .line{stroke-dasharray:6 5}
            .judge circle,.judge text{fill:var(--judge)}.gold circle,.gold text{fill:var(--gold)}
            .leader{fill:none;stroke-width:1;stroke-dasharray:1 4;opacity:.7}
            """;

    private final Axis x;
    private final Axis y;

    /** A line with its label. */
    private record Line(String name, String rewards, Decoding decoding, GrpoCourse course) {
        Point end() {
            return course.end();
        }

        double right() {
            return end().right(decoding);
        }
    }

    private GrpoSvg(List<Line> lines) {
        double minutes = lines.stream()
                .mapToDouble(line -> line.end().minutes())
                .max()
                .orElseThrow();
        double[] shares = lines.stream()
                .flatMap(line -> line.course().points().stream().map(point -> 100 * point.right(line.decoding())))
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        this.x = Axis.of(0, minutes, 8, LEFT, WIDTH - RIGHT);
        this.y = Axis.of(shares[0], shares[shares.length - 1], 7, HEIGHT - BOTTOM, TOP);
    }

    /** The whole file. */
    static String of(GrpoPair pair) {
        List<Line> lines = Stream.of(Decoding.values())
                .flatMap(decoding -> Stream.of(
                        new Line("judge's rewards", "judge", decoding, pair.judged()),
                        new Line("known answers", "gold", decoding, pair.gold())))
                .toList();
        return new GrpoSvg(lines).draw(lines);
    }

    private String draw(List<Line> lines) {
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append("<title id=\"title\">").append(title(lines)).append("</title>\n<style>\n");
        svg.append(STYLE).append("</style>\n");
        svg.append(format("<rect class=\"back\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n", WIDTH, HEIGHT));
        axes(svg);
        lines.forEach(line -> curve(svg, line));
        labels(svg, lines);
        return svg.append("</svg>\n").toString();
    }

    private static String title(List<Line> lines) {
        List<String> ends = new ArrayList<>();
        for (Line line : lines) {
            ends.add(format("%s, %s: from %.1f to %.1f %%", line.name(), word(line.decoding()),
                    100 * line.course().start().right(line.decoding()), 100 * line.right()));
        }
        return "Right answers on held-out queries over minutes of training. " + String.join("; ", ends);
    }

    private void axes(StringBuilder svg) {
        for (double tick : y.ticks()) {
            svg.append(format("<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT,
                    y.at(tick), y.at(tick)));
            svg.append(text("end", LEFT - 8, y.at(tick) + 4, y.label(tick) + " %"));
        }
        for (double tick : x.ticks()) {
            svg.append(format("<line class=\"rule\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x.at(tick), x.at(tick),
                    HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5));
            svg.append(text("middle", x.at(tick), HEIGHT - BOTTOM + 20, x.label(tick)));
        }
        svg.append(text("start", 10, 26, "right answers on held-out queries"));
        svg.append(text("end", WIDTH - RIGHT, HEIGHT - 12, "minutes of training (wall time)"));
    }

    private void curve(StringBuilder svg, Line line) {
        StringBuilder points = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        for (Point point : line.course().points()) {
            double px = x.at(point.minutes());
            double py = y.at(100 * point.right(line.decoding()));
            points.append(format("%.1f,%.1f ", px, py));
            dots.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>", px, py,
                    line.decoding() == Decoding.SAMPLED ? "2.6" : "1.8"));
        }
        svg.append(format("<g class=\"%s\"><polyline class=\"line %s\" points=\"%s\"/>%s</g>%n", line.rewards(),
                word(line.decoding()), points.toString().strip(), dots));
    }

    /** At the right edge, near the ends of their lines and not over each other; a leader goes to each. */
    private void labels(StringBuilder svg, List<Line> lines) {
        List<Line> sorted = lines.stream()
                .sorted(Comparator.comparingDouble(Line::right).reversed())
                .toList();
        double[] places = apart(sorted.stream().mapToDouble(line -> y.at(100 * line.right())).toArray());
        for (int i = 0; i < places.length; i++) {
            Line line = sorted.get(i);
            double edge = WIDTH - RIGHT + 14.0;
            svg.append(format("<g class=\"%s\"><polyline class=\"leader\" points=\"%.1f,%.1f %.1f,%.1f\"/>", line.rewards(),
                    x.at(line.end().minutes()), y.at(100 * line.right()), edge - 3, places[i]));
            svg.append(format("<text x=\"%.1f\" y=\"%.1f\">%s, %s <tspan font-weight=\"600\">%.0f %%</tspan></text></g>%n",
                    edge, places[i] + 4, line.name(), word(line.decoding()), 100 * line.right()));
        }
    }

    /** Moves places, from the top downwards, as little as need be. */
    static double[] apart(double[] wanted) {
        double[] places = wanted.clone();
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + LABEL);
        }
        double low = HEIGHT - BOTTOM;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = Math.min(places[i], low);
            low = places[i] - LABEL;
        }
        return places;
    }

    private static String text(String anchor, double x, double y, String text) {
        return format("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", anchor, x, y, text);
    }

    private static String word(Decoding decoding) {
        return decoding.name().toLowerCase(Locale.ROOT);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
