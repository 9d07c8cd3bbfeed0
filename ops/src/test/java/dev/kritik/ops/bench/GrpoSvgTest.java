/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.kritik.ops.cli.Cli;

class GrpoSvgTest {

    @TempDir
    private Path folder;

    private Document drawn() throws Exception {
        Path judged = new Metrics()
                .start(0.30, 0.79)
                .evaluated(120, 5, 0.50, 0.80, 0)
                .evaluated(120, 6, 0.79, 0.80, 0)
                .in(folder.resolve("judged"));
        Path gold = new Metrics()
                .start(0.30, 0.79)
                .evaluated(60, 5, 0.60, 0.80, 0)
                .evaluated(60, 6, 0.795, 0.805, 0)
                .in(folder.resolve("gold"));
        Path file = folder.resolve("docs/curve.svg");
        Cli run = Cli.run(
                "bench", "grpo", "--judged", judged.toString(), "--gold", gold.toString(), "--svg", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("curves: " + file);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static List<Element> all(Document svg, String name) {
        NodeList found = svg.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    private static List<double[]> points(Element polyline) {
        List<double[]> points = new ArrayList<>();
        for (String point : polyline.getAttribute("points").split(" ", -1)) {
            String[] xy = point.split(",", -1);
            points.add(new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])});
        }
        return points;
    }

    private static Element line(Document svg, String rewards, String decoding) {
        return all(svg, "polyline").stream()
                .filter(each -> each.getAttribute("class").equals("line " + decoding))
                .filter(each ->
                        ((Element) each.getParentNode()).getAttribute("class").equals(rewards))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void fourLinesGoFromTheStartToTheEndOfTheirRuns() throws Exception {
        // When
        Document svg = drawn();

        // Then
        List<double[]> judged = points(line(svg, "judge", "sampled"));
        List<double[]> gold = points(line(svg, "gold", "sampled"));
        assertThat(judged).hasSize(3);
        assertThat(judged.getFirst()).isEqualTo(gold.getFirst());
        double wholeWidth = judged.getLast()[0] - judged.getFirst()[0];
        assertThat(gold.getLast()[0] - gold.getFirst()[0]).isCloseTo(wholeWidth / 2, within());
        assertThat(judged.getLast()[1]).as("more is higher").isLessThan(judged.getFirst()[1]);
        assertThat(points(line(svg, "judge", "greedy"))).hasSize(3);
        assertThat(points(line(svg, "gold", "greedy"))).hasSize(3);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(0.2);
    }

    @Test
    void labelsOfLinesThatEndTogetherDoNotLieOverEachOther() throws Exception {
        // When
        List<Element> labels = all(drawn(), "text").stream()
                .filter(text -> text.getElementsByTagName("tspan").getLength() == 1)
                .toList();

        // Then
        assertThat(labels)
                .extracting(Element::getTextContent)
                .containsExactlyInAnyOrder(
                        "judge's rewards, sampled 79 %",
                        "known answers, sampled 80 %", "judge's rewards, greedy 80 %", "known answers, greedy 81 %");
        double[] places = labels.stream()
                .mapToDouble(label -> Double.parseDouble(label.getAttribute("y")))
                .sorted()
                .toArray();
        for (int i = 1; i < places.length; i++) {
            assertThat(places[i] - places[i - 1]).isGreaterThanOrEqualTo(17.9);
        }
    }

    @Test
    void itLoadsNothingAndIsLightOrDark() throws Exception {
        // When
        drawn();
        String text = Files.readString(folder.resolve("docs/curve.svg"));

        // Then
        assertThat(text).contains("prefers-color-scheme:dark", "minutes of training");
        assertThat(text.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "url(", "@import");
    }
}
