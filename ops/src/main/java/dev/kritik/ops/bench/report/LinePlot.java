/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.ops.bench.Axis;

/** How a figure grows with another: a line for each name, over a logarithmic axis whose ticks are the points. */
final class LinePlot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 340;
    private static final int LEFT = 72;
    private static final int RIGHT = 150;
    private static final int TOP = 58;
    private static final int BOTTOM = 48;
    /** Between the middles of two labels. */
    private static final double LABEL = 17;

    /** A point; x is above 0. */
    record Point(double x, double y) {}

    private LinePlot() {}

    /**
     * Draws lines.
     *
     * @param lines points by ascending x, at least one each, by the name of the line; not empty
     */
    static String draw(String title, String xWords, String yWords, Map<String, List<Point>> lines) {
        Drawing drawing = new Drawing(title, WIDTH, HEIGHT);
        List<Point> all = lines.values().stream().flatMap(List::stream).toList();
        double least = all.stream().mapToDouble(Point::x).min().orElseThrow();
        double most = all.stream().mapToDouble(Point::x).max().orElseThrow();
        Axis y = Axis.of(0, all.stream().mapToDouble(Point::y).max().orElseThrow(), 6, HEIGHT - (double) BOTTOM, TOP);
        for (double tick : y.ticks()) {
            drawing.add(String.format(
                    Locale.ROOT,
                    "<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y.at(tick),
                    y.at(tick)));
            drawing.text("end", LEFT - 8.0, y.at(tick) + 4, y.label(tick));
        }
        all.stream()
                .map(Point::x)
                .distinct()
                .sorted()
                .forEach(x -> drawing.text("middle", at(x, least, most), HEIGHT - BOTTOM + 20.0, number(x)));
        drawing.text("", 12, 44, yWords);
        drawing.text("end", WIDTH - (double) RIGHT, HEIGHT - 8.0, xWords);
        int colour = 0;
        double above = Double.NEGATIVE_INFINITY;
        List<Map.Entry<String, List<Point>>> downwards = lines.entrySet().stream()
                .sorted((one, other) -> Double.compare(
                        other.getValue().getLast().y(), one.getValue().getLast().y()))
                .toList();
        for (Map.Entry<String, List<Point>> line : downwards) {
            String style = "c" + colour++ % Drawing.COLOURS;
            StringBuilder points = new StringBuilder();
            for (Point point : line.getValue()) {
                double px = at(point.x(), least, most);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", px, y.at(point.y())));
                drawing.add(String.format(
                        Locale.ROOT,
                        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n",
                        style,
                        px,
                        y.at(point.y())));
            }
            drawing.add(String.format(
                    Locale.ROOT,
                    "<polyline class=\"%s\" points=\"%s\"/>%n",
                    style,
                    points.toString().strip()));
            above = Math.max(above + LABEL, y.at(line.getValue().getLast().y()));
            drawing.text(style, WIDTH - RIGHT + 10.0, above + 4, line.getKey());
        }
        return drawing.end();
    }

    private static double at(double x, double least, double most) {
        double share = most > least ? Math.log(x / least) / Math.log(most / least) : 0.5;
        return LEFT + 16 + share * (WIDTH - RIGHT - LEFT - 32);
    }

    /** 1000 as 1k: ticks are close to each other. */
    private static String number(double value) {
        if (value >= 1e6) {
            return value % 1e6 == 0
                    ? String.format(Locale.ROOT, "%.0fM", value / 1e6)
                    : String.format(Locale.ROOT, "%.1fM", value / 1e6);
        }
        return value >= 1000 && value % 1000 == 0
                ? String.format(Locale.ROOT, "%.0fk", value / 1000)
                : String.format(Locale.ROOT, "%.0f", value);
    }
}
