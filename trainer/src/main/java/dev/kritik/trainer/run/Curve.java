/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One metric over the steps, as an SVG within a figure. */
final class Curve {

    private static final int WIDTH = 360;
    private static final int HEIGHT = 150;
    private static final int LEFT = 52;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 20;
    /** More than there are pixels; each is the mean of its neighbours then. */
    private static final int MOST_POINTS = 600;

    private Curve() {}

    /** With the steps in rising order; at least one. */
    static String of(String name, Map<Integer, Double> values) {
        List<double[]> points = thinned(values);
        double low = points.stream().mapToDouble(point -> point[1]).min().orElse(0);
        double high = points.stream().mapToDouble(point -> point[1]).max().orElse(0);
        double first = points.getFirst()[0];
        double last = points.getLast()[0];
        StringBuilder line = new StringBuilder();
        for (double[] point : points) {
            double x = LEFT + share(point[0], first, last) * (WIDTH - LEFT - RIGHT);
            double y = HEIGHT - BOTTOM - share(point[1], low, high) * (HEIGHT - TOP - BOTTOM);
            line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        String end = line.toString().strip();
        String[] at = end.substring(end.lastIndexOf(' ') + 1).split(",", 2);
        double newest = List.copyOf(values.values()).getLast();
        return "<figure><figcaption><b>" + HtmlReport.escape(name) + "</b><span>" + format(newest)
                + "</span></figcaption><svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\""
                + HtmlReport.escape(name) + "\">" + rule(TOP) + rule(HEIGHT - BOTTOM)
                + label(LEFT - 4, TOP + 8, "end", format(high))
                + (high > low ? label(LEFT - 4, HEIGHT - BOTTOM, "end", format(low)) : "")
                + label(LEFT, HEIGHT - 6, "start", format(first))
                + label(WIDTH - RIGHT, HEIGHT - 6, "end", format(last))
                + "<polyline points=\"" + end + "\"/><circle r=\"2.5\" cx=\"" + at[0] + "\" cy=\"" + at[1]
                + "\"/></svg></figure>";
    }

    private static List<double[]> thinned(Map<Integer, Double> values) {
        int bucket = Math.ceilDiv(values.size(), MOST_POINTS);
        List<double[]> points = new ArrayList<>();
        double x = 0;
        double y = 0;
        int count = 0;
        int left = values.size();
        for (Map.Entry<Integer, Double> value : values.entrySet()) {
            x += value.getKey();
            y += value.getValue();
            count++;
            left--;
            if (count == bucket || left == 0) {
                points.add(new double[] {x / count, y / count});
                x = 0;
                y = 0;
                count = 0;
            }
        }
        return points;
    }

    private static double share(double value, double low, double high) {
        return high == low ? 0.5 : (value - low) / (high - low);
    }

    private static String rule(int y) {
        return "<line x1=\"" + LEFT + "\" x2=\"" + (WIDTH - RIGHT) + "\" y1=\"" + y + "\" y2=\"" + y + "\"/>";
    }

    private static String label(int x, int y, String anchor, String text) {
        return "<text x=\"" + x + "\" y=\"" + y + "\" text-anchor=\"" + anchor + "\">" + text + "</text>";
    }

    /** Four digits that count. */
    static String format(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
                ? String.format(Locale.ROOT, "%.4g", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }
}
