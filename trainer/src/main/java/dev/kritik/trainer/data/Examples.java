/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.text.PromptException;
import dev.kritik.lm.train.Scored;
import dev.kritik.lm.train.Sequence;

/**
 * Files of examples as tokens in memory: four bytes for each token of the data. Nothing is cut; what does not fit is left
 * out and counted.
 *
 * @param items in the order of the files
 * @param intake what was left out
 * @param <T> what an example becomes
 */
public record Examples<T>(List<T> items, Intake intake) {

    public Examples {
        items = List.copyOf(items);
    }

    /**
     * Reads conversations whose last turns are learnt.
     *
     * @param what the files hold, for the counts
     * @param maxTokens longest sequence, prompt and turn
     * @throws DataException for a line that can't be used, or files that hold nothing that can
     */
    public static Examples<Sequence> turns(String what, List<Path> files, ChatEncoder encoder, int maxTokens) {
        Collector<Sequence> collector = new Collector<>(what, maxTokens);
        for (Path file : files) {
            ChatExample.read(file, example -> {
                Optional<Sequence> turn = tokens(example, () -> encoder.turn(example.messages()));
                turn.ifPresentOrElse(sequence -> collector.add(sequence, sequence.tokens().length), collector::unsplit);
            });
        }
        return collector.examples(files);
    }

    /**
     * A critique with its label.
     *
     * @param scored the tokens and the label
     * @param query what the critique is about, by its hash: critiques of one query stay together. Job and group, where the
     *     provenance says them; else the turns before the critique, in which samples that show the responses in other
     *     orders differ
     */
    public record Judged(Scored scored, long query) {}

    /**
     * Reads critiques with labels, for the Meta RM.
     *
     * @throws DataException as {@link #turns}, and for a line without a label
     */
    public static Examples<Judged> judged(String what, List<Path> files, ChatEncoder encoder, int maxTokens) {
        Collector<Judged> collector = new Collector<>(what, maxTokens);
        for (Path file : files) {
            ChatExample.read(file, example -> {
                int label = example.label()
                        .orElseThrow(() -> new DataException(
                                example.place() + ": 'label' is missing: 1 for a right critique, 0 for a wrong one"));
                if (example.hinted()) {
                    collector.hinted();
                    return;
                }
                int[] tokens = tokens(example, () -> encoder.whole(example.messages()));
                long query = Seeds.hash(
                        example.query().orElseGet(() -> example.prompt().toString()));
                collector.add(new Judged(new Scored(tokens, label), query), tokens.length);
            });
        }
        return collector.examples(files);
    }

    private static <R> R tokens(ChatExample example, java.util.function.Supplier<R> encode) {
        try {
            return encode.get();
        } catch (PromptException e) {
            throw new DataException(example.place() + ": " + e.getMessage(), e);
        }
    }

    private static final class Collector<T> {
        private final String what;
        private final int most;
        private final List<T> items = new ArrayList<>();
        private long read;
        private long tooLong;
        private long unsplit;
        private long hinted;
        private long tokens;

        Collector(String what, int most) {
            this.what = what;
            this.most = most;
        }

        void add(T item, int length) {
            read++;
            if (length > most) {
                tooLong++;
            } else {
                items.add(item);
                tokens += length;
            }
        }

        void unsplit() {
            read++;
            unsplit++;
        }

        void hinted() {
            read++;
            hinted++;
        }

        Examples<T> examples(List<Path> files) {
            Intake intake = new Intake(what, read, tooLong, most, unsplit, hinted, tokens);
            if (items.isEmpty()) {
                throw new DataException(files + " hold nothing to learn from. " + intake.words());
            }
            return new Examples<>(items, intake);
        }
    }
}
