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

    /** Without variables, which not every viewer knows. */
    private static final String STYLE = """
            text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#59636e}
            .end{text-anchor:end}.middle{text-anchor:middle}
            .back{fill:#fff}.rule{stroke:#d8dee4}
            .line{fill:none;stroke-linejoin:round;stroke-linecap:round}.sampled{stroke-width:2.6}.greedy{stroke-width:1.4}
            .leader{fill:none;stroke-width:1;stroke-dasharray:1 4;opacity:.7}
            .gold .line{stroke-dasharray:6 5}
            .judge polyline{stroke:#0b5cad}.judge circle,.judge text{fill:#0b5cad}
            .gold polyline{stroke:#a04a00}.gold circle,.gold text{fill:#a04a00}
            @media(prefers-color-scheme:dark){
            text{fill:#9aa5b1}.back{fill:#0d1117}.rule{stroke:#30363d}
            .judge polyline{stroke:#6cb2ff}.judge circle,.judge text{fill:#6cb2ff}
            .gold polyline{stroke:#f2a65a}.gold circle,.gold text{fill:#f2a65a}
            }
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
        double minutes =
                lines.stream().mapToDouble(line -> line.end().minutes()).max().orElseThrow();
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
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        svg.append("<title id=\"title\">").append(title(lines)).append("</title>\n<style>\n");
        svg.append(STYLE).append("</style>\n");
        svg.append(String.format(
                Locale.ROOT, "<rect class=\"back\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n", WIDTH, HEIGHT));
        axes(svg);
        lines.forEach(line -> curve(svg, line));
        labels(svg, lines);
        return svg.append("</svg>\n").toString();
    }

    private static String title(List<Line> lines) {
        List<String> ends = new ArrayList<>();
        for (Line line : lines) {
            ends.add(String.format(
                    Locale.ROOT,
                    "%s, %s: from %.1f to %.1f %%",
                    line.name(),
                    word(line.decoding()),
                    100 * line.course().start().right(line.decoding()),
                    100 * line.right()));
        }
        return "Right answers on held-out queries over minutes of training. " + String.join("; ", ends);
    }

    private void axes(StringBuilder svg) {
        for (double tick : y.ticks()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y.at(tick),
                    y.at(tick)));
            svg.append(text("end", LEFT - 8, y.at(tick) + 4, y.label(tick) + " %"));
        }
        for (double tick : x.ticks()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"rule\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                    x.at(tick),
                    x.at(tick),
                    HEIGHT - BOTTOM,
                    HEIGHT - BOTTOM + 5));
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
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", px, py));
            dots.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>",
                    px,
                    py,
                    line.decoding() == Decoding.SAMPLED ? "2.6" : "1.8"));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<g class=\"%s\"><polyline class=\"line %s\" points=\"%s\"/>%s</g>%n",
                line.rewards(),
                word(line.decoding()),
                points.toString().strip(),
                dots));
    }

    /** At the right edge, near the ends of their lines and not over each other; a leader goes to each. */
    private void labels(StringBuilder svg, List<Line> lines) {
        List<Line> sorted = lines.stream()
                .sorted(Comparator.comparingDouble(Line::right).reversed())
                .toList();
        double[] places = apart(
                sorted.stream().mapToDouble(line -> y.at(100 * line.right())).toArray());
        for (int i = 0; i < places.length; i++) {
            Line line = sorted.get(i);
            double edge = WIDTH - RIGHT + 14.0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<g class=\"%s\"><polyline class=\"leader\" points=\"%.1f,%.1f %.1f,%.1f\"/>",
                    line.rewards(),
                    x.at(line.end().minutes()),
                    y.at(100 * line.right()),
                    edge - 3,
                    places[i]));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\">%s, %s <tspan font-weight=\"600\">%.0f %%</tspan></text></g>%n",
                    edge,
                    places[i] + 4,
                    line.name(),
                    word(line.decoding()),
                    100 * line.right()));
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
        return String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", anchor, x, y, text);
    }

    private static String word(Decoding decoding) {
        return decoding.name().toLowerCase(Locale.ROOT);
    }
}
