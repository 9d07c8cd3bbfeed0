/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import java.util.Locale;

/**
 * An SVG that loads nothing, light or dark as the reader's system is. It paints its own background, so that it can be read on
 * any page.
 */
final class Drawing {

    /** Kinds of lines and bars that look different; further ones look as the first ones again. */
    static final int COLOURS = 4;

    /** Without variables, which not every viewer knows. */
    private static final String STYLE = """
            text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#59636e}
            .end{text-anchor:end}.middle{text-anchor:middle}.title{font-weight:600}
            .back{fill:#fff}.rule{stroke:#d8dee4}polyline{fill:none;stroke-width:2.2;stroke-linejoin:round}
            .c0{stroke:#0b5cad;fill:#0b5cad}.c1{stroke:#a04a00;fill:#a04a00}.c2{stroke:#2a7a3a;fill:#2a7a3a}.c3{stroke:#8a3ba8;fill:#8a3ba8}
            text.c0,text.c1,text.c2,text.c3{stroke:none}polyline.c0,polyline.c1,polyline.c2,polyline.c3{fill:none}
            @media(prefers-color-scheme:dark){
            text{fill:#9aa5b1}.back{fill:#0d1117}.rule{stroke:#30363d}
            .c0{stroke:#6cb2ff;fill:#6cb2ff}.c1{stroke:#f2a65a;fill:#f2a65a}.c2{stroke:#7ccf8a;fill:#7ccf8a}.c3{stroke:#d59bf0;fill:#d59bf0}
            }
            """;

    private final StringBuilder svg = new StringBuilder();

    Drawing(String title, int width, int height) {
        add(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">%n<title id=\"title\">%s</title>%n",
                width,
                height,
                width,
                height,
                escaped(title)));
        svg.append("<style>\n").append(STYLE).append("</style>\n");
        add(String.format(Locale.ROOT, "<rect class=\"back\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n", width, height));
        text("title", 12, 24, title);
    }

    /** Adds an element. */
    void add(String element) {
        svg.append(element);
    }

    /** Adds a text, whose characters may be any. */
    void text(String style, double x, double y, String text) {
        add(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", style, x, y, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The whole file. */
    String end() {
        return svg + "</svg>\n";
    }
}
