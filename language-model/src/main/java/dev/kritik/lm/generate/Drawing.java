/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.List;

import dev.kritik.lm.torch.Decoder.Draws;

/** How the next token of each row is drawn. */
final class Drawing {

    private Drawing() {}

    static Draws of(List<Row> rows) {
        return new Draws(
                rows.stream()
                        .mapToDouble(row -> Uniforms.at(row.request.seed(), row.count()))
                        .toArray(),
                rows.stream()
                        .mapToDouble(row -> row.request.sampling().temperature())
                        .toArray(),
                rows.stream().mapToLong(row -> row.request.sampling().topK()).toArray(),
                rows.stream().mapToDouble(row -> row.request.sampling().topP()).toArray());
    }
}
