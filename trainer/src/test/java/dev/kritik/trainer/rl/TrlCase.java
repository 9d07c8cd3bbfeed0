/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import dev.kritik.client.Advantages;
import dev.kritik.client.Advantages.Baseline;
import dev.kritik.lm.checkpoint.Safetensors;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.RlSettings;
import dev.kritik.lm.train.Sequence;

/**
 * What TRL (the file names its version) makes of groups of texts and their rewards: language-model/fixtures/make_grpo.py.
 *
 * @param texts groups of {@value #GROUP}, one after the other
 */
record TrlCase(int number, JsonNode node, List<Sequence> texts, int maxTokens) {

    private static final int GROUP = 4;
    /** What TRL adds to the deviation of a group's rewards. */
    private static final double TRLS_EPSILON = 1e-4;

    private static Path folder() {
        return Path.of(System.getProperty("kritik.root"), "language-model/src/test/resources/training");
    }

    static List<TrlCase> all() throws IOException {
        JsonNode file =
                new ObjectMapper().readTree(folder().resolve("grpo-groups.json").toFile());
        List<Sequence> texts = new ArrayList<>();
        for (JsonNode text : file.get("texts")) {
            int[] tokens = new int[text.get(0).size()];
            Arrays.setAll(tokens, i -> text.get(0).get(i).intValue());
            texts.add(new Sequence(tokens, text.get(1).intValue()));
        }
        List<TrlCase> cases = new ArrayList<>();
        for (JsonNode node : file.get("cases")) {
            cases.add(new TrlCase(
                    cases.size(), node, texts, file.get("most_written").intValue()));
        }
        return cases;
    }

    /** Its settings, by our names. */
    RlSettings settings() {
        JsonNode trl = node.get("settings");
        return new RlSettings(
                trl.get("epsilon").doubleValue(),
                trl.get("epsilon_high").doubleValue(),
                trl.get("beta").doubleValue(),
                trl.get("temperature").doubleValue(),
                trl.get("use_bias_correction_kl").booleanValue(),
                trl.get("importance_sampling_level").textValue().equals("sequence"),
                trl.get("delta").asDouble(0));
    }

    Aggregation aggregation() {
        String type = node.get("settings").get("loss_type").textValue();
        return switch (type) {
            case "grpo" -> Aggregation.SEQUENCE;
            case "bnpo", "dapo" -> Aggregation.TOKEN;
            case "dr_grpo" -> Aggregation.CONSTANT;
            default -> throw new IllegalStateException(type + " has no name here");
        };
    }

    /** Not a number where there is none. */
    double[] rewards() {
        double[] rewards = new double[texts.size()];
        Arrays.setAll(rewards, i -> node.get("rewards").get(i).asDouble(Double.NaN));
        return rewards;
    }

    /** TRL's, 0 for a text without a reward. */
    double[] advantages() {
        double[] advantages = new double[texts.size()];
        Arrays.setAll(advantages, i -> node.get("advantages").get(i).doubleValue());
        return advantages;
    }

    boolean byDeviation() {
        return node.get("settings").get("scale_rewards").textValue().equals("group");
    }

    /** Ours; not a number for a text without a reward. */
    double[] ourAdvantages() {
        Advantages rule = new Advantages(Baseline.MEAN, byDeviation());
        return byGroup(rule::of);
    }

    /** How much smaller TRL's are, for it adds a small number to the deviation. */
    double[] shrink() {
        return byGroup(rewards -> {
            double[] there =
                    Arrays.stream(rewards).filter(each -> !Double.isNaN(each)).toArray();
            double mean = Arrays.stream(there).average().orElseThrow();
            double squares = Arrays.stream(there)
                    .map(each -> (each - mean) * (each - mean))
                    .sum();
            double deviation = Math.sqrt(squares / (there.length - 1));
            double[] factors = new double[rewards.length];
            Arrays.fill(factors, byDeviation() && deviation > 0 ? deviation / (deviation + TRLS_EPSILON) : 1);
            return factors;
        });
    }

    private double[] byGroup(UnaryOperator<double[]> rule) {
        double[] out = new double[texts.size()];
        for (int from = 0; from < out.length; from += GROUP) {
            double[] group = rule.apply(Arrays.copyOfRange(rewards(), from, from + GROUP));
            System.arraycopy(group, 0, out, from, GROUP);
        }
        return out;
    }

    /** Texts that TRL's loss was given: it keeps those without a reward, but in most cases they were taken out. */
    int inTrlsBatch() {
        return node.get("keep").booleanValue()
                ? texts.size()
                : (int) Arrays.stream(rewards())
                        .filter(each -> !Double.isNaN(each))
                        .count();
    }

    /** What is learnt from the texts with a reward: our advantages, shrunk, and our weights. */
    List<RlSequence> batch() {
        double[] ours = ourAdvantages();
        double[] shrink = shrink();
        List<Integer> learnt = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (!Double.isNaN(ours[i])) {
                learnt.add(i);
            }
        }
        boolean kept = node.get("keep").booleanValue();
        int outputs = inTrlsBatch();
        long tokens = kept
                ? texts.stream().mapToLong(Sequence::written).sum()
                : learnt.stream().mapToLong(i -> texts.get(i).written()).sum();
        List<RlSequence> batch = new ArrayList<>();
        for (int i : learnt) {
            Sequence text = texts.get(i);
            batch.add(new RlSequence(
                    text,
                    ours[i] * shrink[i],
                    floats(node.get("old").get(i)),
                    node.get("reference").isNull()
                            ? new float[0]
                            : floats(node.get("reference").get(i)),
                    aggregation().weight(text.written(), outputs, tokens, maxTokens)));
        }
        return batch;
    }

    private static float[] floats(JsonNode numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    double loss() {
        return node.get("loss").doubleValue();
    }

    double metric(String name) {
        return node.get("metrics").get(name).doubleValue();
    }

    /** The norm of each weight's gradient. */
    Map<String, Double> norms() {
        Map<String, Double> norms = new TreeMap<>();
        node.get("gradients")
                .properties()
                .forEach(each -> norms.put(each.getKey(), each.getValue().doubleValue()));
        return norms;
    }

    /** The first numbers of a weight's gradient. */
    float[] first(String weight) {
        return floats(node.get("first").get(weight));
    }

    /** The whole gradients that were kept. */
    Map<String, float[]> gradients() {
        Path file = folder().resolve("grpo-groups.safetensors");
        Map<String, float[]> gradients = new TreeMap<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (var tensor : Safetensors.tensors(file).values()) {
                String prefix = number + ".";
                if (tensor.name().startsWith(prefix)) {
                    ByteBuffer bytes =
                            ByteBuffer.allocate((int) tensor.length()).order(ByteOrder.LITTLE_ENDIAN);
                    channel.read(bytes, tensor.offset());
                    float[] values = new float[bytes.flip().remaining() / Float.BYTES];
                    bytes.asFloatBuffer().get(values);
                    gradients.put(tensor.name().substring(prefix.length()), values);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gradients;
    }

    @Override
    public String toString() {
        return number + ": " + node.get("name").textValue();
    }
}
