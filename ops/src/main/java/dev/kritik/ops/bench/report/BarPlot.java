/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import java.util.Locale;
import java.util.Map;

/** Figures side by side: a bar for each name, from left to right. */
final class BarPlot {

    private static final int WIDTH = 720;
    private static final int LEFT = 190;
    private static final int RIGHT = 80;
    private static final int TOP = 44;
    private static final int ROW = 28;

    private BarPlot() {}

    /**
     * Draws bars.
     *
     * @param bars values of at least 0 by name, in their order; not empty
     */
    static String draw(String title, Map<String, Double> bars) {
        Drawing drawing = new Drawing(title, WIDTH, TOP + ROW * bars.size() + 10);
        double most = Math.max(
                Double.MIN_NORMAL,
                bars.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow());
        double y = TOP;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            double width = Math.max(0, bar.getValue() / most * (WIDTH - LEFT - RIGHT));
            drawing.text("end", LEFT - 8.0, y + 14, bar.getKey());
            drawing.add(String.format(
                    Locale.ROOT,
                    "<rect class=\"c0\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                    LEFT,
                    y,
                    width,
                    ROW - 10));
            drawing.text(
                    "",
                    LEFT + width + 8,
                    y + 14,
                    String.format(Locale.ROOT, bar.getValue() < 10 ? "%.1f" : "%.0f", bar.getValue()));
            y += ROW;
        }
        return drawing.end();
    }
}
