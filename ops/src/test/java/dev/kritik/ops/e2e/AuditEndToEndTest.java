/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.audit.Audit;
import dev.kritik.ops.audit.AuditOptions;
import dev.kritik.ops.audit.AuditReport;
import dev.kritik.ops.audit.LedgerProducer;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.schema.serde.ContractModel;

/** What goes through the ledger and a real installation holds before the audit; a forged record does not. */
class AuditEndToEndTest {

    private static final int GROUPS = 30;

    @TempDir
    Path folder;

    private Installation installation;

    @BeforeEach
    void start() {
        installation = new Installation(Map.of("stream.k", "2", "stream.collect.timeout.ms", "3000"));
        var judge = installation.judge(JudgeOptions.of(new SeededScores()));
        installation.stream();
        installation.worker(judge.url().toString(), "seeded-scores", Map.of());
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    @Test
    void anInstallationThatWorksIsCleanAndAForgedRewardIsFound() throws Exception {
        // Given: groups with poison and repetitions among them
        Path ledger = folder.resolve("ledger.jsonl");
        try (LedgerProducer producer = LedgerProducer.open(installation.config(), ledger)) {
            for (int i = 0; i < GROUPS; i++) {
                List<Rollout> members = Groups.whole("audit-" + i, 1 + i % 5);
                members.forEach(producer::send);
                if (i % 5 == 0) {
                    producer.send(members.getFirst());
                    producer.sendRaw(("test-job/poison-" + i).getBytes(UTF_8), new byte[] {1, 2, (byte) i}, "no Avro");
                }
            }
            producer.send(Groups.member("lonely", 0, 2).build());
            producer.send(Groups.member("lonely", 0, 2).setResponse("another").build());
            producer.sendRaw(null, null, "nothing at all");
            producer.flush();
            assertThat(producer.acknowledged()).isEqualTo(producer.sent());
            assertThat(producer.inDoubt()).isZero();
        }
        Client client = installation.client();
        client.awaitGroups(GROUPS + 1, Duration.ofMinutes(1));
        await().atMost(Duration.ofMinutes(1)).until(() -> client.deadLetters().size() == 8);
        // When
        AuditReport clean = Audit.run(installation.config(), ledger, AuditOptions.standard());
        // Then
        assertThat(clean.violations()).isEmpty();
        assertThat(clean.clean()).isTrue();
        assertThat(clean.totals()).containsEntry("groups", (long) GROUPS + 1).containsEntry("groups_open", 0L);
        assertThat(clean.totals().get("groups_by_status").toString()).contains("OK=30", "PARTIAL=1");
        // When
        forge(client.rewards().get("test-job/audit-7/0").getFirst());
        Cli forged = audit("--ledger", ledger.toString(), "--no-replay");
        // Then
        assertThat(forged.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(forged.out())
                .contains("groups by status: OK 30, PARTIAL 1")
                .contains("none twice              1 violation")
                .contains("I2 test-job/audit-7/0 (rewards-")
                .containsOnlyOnce("violation");
        // And: it is the same for whoever has no ledger
        assertThat(audit("--json", "--no-replay").out())
                .contains("{\"violation\":\"I2\",\"group\":\"test-job/audit-7/0\"")
                .contains("{\"clean\":false,\"violations\":{\"I2\":1},");
    }

    private Cli audit(String... options) {
        List<String> arguments = new ArrayList<>(List.of("audit"));
        arguments.addAll(List.of(options));
        installation.config().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private void forge(GroupReward reward) throws Exception {
        ContractModel.of(GroupReward.class);
        String topic = installation.client().topics().rewards();
        try (var registry = new HttpSchemaRegistry(RegistryConfig.from(installation.config()));
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", installation.config().get("kafka.bootstrap.servers")),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] value = new AvroSerializer<>(registry, GroupReward.class)
                    .serialize(
                            topic, GroupReward.newBuilder(reward).setBest(null).build());
            producer.send(new ProducerRecord<>(
                            topic, (reward.getJobId() + "/" + reward.getGroupId()).getBytes(UTF_8), value))
                    .get();
        }
    }
}
