/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.Rate;
import dev.kritik.ops.client.RateLimit;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.serde.UndecodableException;

/** {@code kritik capacity}: what a load needs, and what binds first. */
@Command(
        name = "capacity",
        description = {
            "Compute from measured rates what a load needs: GPUs, worker slots and processes, share-group members, brokers, "
                    + "partitions, disk, stream instances, latency and cost; and what runs out first, at which load.",
            "Quantities are given as KEY=VALUE, or in a file; --keys lists them with their presets. Rates of a judge are yours to "
                    + "measure: 'kritik bench scaling', or your server's own benchmark. --measure takes lengths, tokens, group sizes, k and "
                    + "judge times from the newest records of an installation."
        },
        footer = {
            "",
            "Examples:",
            "  kritik capacity rollouts_per_s=500 k=8 k_share=0.45 judge_written_tokens_per_s_per_gpu=2500",
            "  kritik capacity gpus=1000 gpu_price_per_h=2.5 --explain",
            "  kritik capacity batch_groups=512 step_s=60 --profile judge.properties --json",
            "  kritik capacity --measure --config kritik.properties judge_written_tokens_per_s_per_gpu=2500"
        })
public final class CapacityCommand implements Callable<Integer> {

    /** Shown in what brokers log. */
    private static final String CLIENT_ID = "kritik-capacity";

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Parameters(
            paramLabel = "KEY=VALUE",
            description = "Quantities; stronger than --profile, which is stronger than --measure.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--keys", description = "List the quantities, their presets and what they are.")
    private boolean keys;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Quantities from a file: properties, or a JSON object where its name ends in .json.")
    private Path profile;

    @Option(
            names = "--measure",
            description = "Take what can be seen there from the newest records of an installation.")
    private boolean measure;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "2000",
            description = "With --measure: how many offsets of each topic are looked at. Default: ${DEFAULT-VALUE}.")
    private long records;

    @Option(names = "--explain", description = "Print the formula of each figure.")
    private boolean explain;

    @Override
    public Integer call() throws IOException {
        if (keys) {
            for (Quantity quantity : Quantity.values()) {
                common.out()
                        .printf(
                                "%-36s %10s  %s%n",
                                quantity.key(), PlanText.number(quantity.preset()), quantity.meaning());
            }
            return ExitCode.OK;
        }
        if (records < 1) {
            throw new ParameterException(spec.commandLine(), "--records is at least 1");
        }
        Inputs inputs = Inputs.presets();
        Measured measured = new Measured();
        if (measure) {
            measure(measured);
            inputs = inputs.with(measured.values());
        }
        if (profile != null) {
            inputs = inputs.with(profile());
        }
        print(plan(inputs.with(values)), measured);
        return ExitCode.OK;
    }

    private Plan plan(Inputs inputs) {
        try {
            return Planner.of(inputs);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Map<String, String> profile() {
        Map<String, String> read = new LinkedHashMap<>();
        try (Reader reader = Files.newBufferedReader(profile)) {
            if (profile.toString().endsWith(".json")) {
                JsonNode json = new ObjectMapper().readTree(reader);
                if (!json.isObject()) {
                    throw new ConfigError("--profile: '" + profile + "' is no JSON object");
                }
                json.properties()
                        .forEach(field ->
                                read.put(field.getKey(), field.getValue().asText()));
            } else {
                Properties properties = new Properties();
                properties.load(reader);
                properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigError("--profile: '" + profile + "' can't be read: " + e.getMessage(), e);
        }
        return read;
    }

    private void measure(Measured measured) throws IOException {
        try (Connection to = new Connection(connection.over(common.config()))) {
            newest(to, to.topics().rewards(), GroupReward.class, measured::reward);
            newest(to, to.topics().critiques(), Critique.class, measured::critique);
            newest(
                    to,
                    to.topics().critiqueRequests(),
                    CritiqueRequest.class,
                    (request, bytes) -> measured.request(bytes));
            newest(to, to.topics().rollouts(), Rollout.class, (rollout, bytes) -> measured.rollout(bytes));
        }
        if (measured.groups() == 0) {
            throw new CommandFailed("there is no reward on the topics yet: nothing can be measured");
        }
    }

    private interface Taker<T> {
        void take(T value, int bytes);
    }

    private <T extends SpecificRecord> void newest(Connection to, String topic, Class<T> type, Taker<T> taker)
            throws IOException {
        RateLimit limit = new RateLimit(Rate.parse("20MB/s"));
        Bounds all = new Bounds(null, null, Map.of(), Map.of());
        try (RangeReader<T> reader = RangeReader.open(to, CLIENT_ID, topic, type, all)) {
            long each = Math.max(1, records / Math.max(1, reader.spans().size()));
            for (var span : reader.spans().entrySet()) {
                long from = Math.max(span.getValue().from(), span.getValue().to() - each);
                boolean unused = reader.read(span.getKey(), from, new RangeReader.PartitionTaker() {
                    @Override
                    public void take(ConsumerRecord<byte[], byte[]> record) {
                        T value;
                        try {
                            value = reader.again(record.value());
                        } catch (UndecodableException e) {
                            return; // not what an installation works on
                        }
                        taker.take(value, record.value().length);
                    }

                    @Override
                    public boolean fetched(long position, long count, long bytes) {
                        limit.await(count, bytes, () -> false);
                        return true;
                    }
                });
            }
        }
    }

    private void print(Plan plan, Measured measured) {
        if (common.json()) {
            ObjectNode json = PlanText.json(plan);
            if (measure) {
                ObjectNode seen = json.putObject("measured");
                measured.values().forEach((key, value) -> seen.put(key, Double.parseDouble(value)));
            }
            common.out().println(json);
        } else {
            if (measure) {
                common.out().printf("measured on %d groups: %s%n", measured.groups(), measured.values());
                common.out()
                        .printf(
                                "  all judges together wrote %s tokens/s in that time; the Meta RM took %s s a critique%n",
                                PlanText.number(measured.writtenTokensPerS()), PlanText.number(measured.metaSeconds()));
            }
            PlanText.of(plan, explain).forEach(common.out()::println);
        }
        common.out().flush();
    }
}
