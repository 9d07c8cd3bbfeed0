/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.ops.Kritik;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.topics.Bootstrap.Mode;
import dev.kritik.ops.topics.Finding.State;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.Compatibility;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;

/** On a real broker and a real registry; each test under a prefix of its own. */
class BootstrapTest {

    private static LocalStack stack;

    @BeforeAll
    static void start(@TempDir Path folder) {
        // Everybody may do everything, until a test takes a right away.
        stack = LocalStack.start(Options.in(folder.resolve("stack"))
                .thrownAway()
                .withBrokerProperties(Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true",
                        "errors.deadletterqueue.topic.name.prefix", "")));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static Map<String, String> config(String prefix) {
        return new TreeMap<>(Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "registry.url",
                stack.registryUrl(),
                "topics.prefix",
                prefix,
                "topics.partitions",
                "2",
                "topics.replication",
                "1"));
    }

    @Test
    void checkAndDryRunMakeNothingAndCreateMakesAllOnce() {
        // Given
        Map<String, String> config = config("all.");

        // When // Then: nothing is there, and looking does not change that
        assertThat(Bootstrap.run(config, Mode.CHECK)).extracting(Finding::state).containsOnly(State.MISSING);
        assertThat(Bootstrap.run(config, Mode.DRY_RUN))
                .extracting(Finding::state)
                .containsOnly(State.WOULD_CREATE);
        assertThat(Bootstrap.run(config, Mode.CHECK)).extracting(Finding::state).containsOnly(State.MISSING);

        // When // Then: all is made, and is then as it should be
        List<Finding> made = Bootstrap.run(config, Mode.CREATE);
        assertThat(made).extracting(Finding::state).containsOnly(State.CREATED);
        assertThat(made)
                .extracting(Finding::thing)
                .contains(
                        "topic all.rollouts",
                        "topic all.critique-requests",
                        "topic all.critiques",
                        "topic all.rewards",
                        "topic all.dead-letters",
                        "group all.kritik-workers",
                        "subject all.rollouts-value",
                        "subject all.critique-requests-value",
                        "subject all.critiques-value",
                        "subject all.rewards-value");
        assertThat(Bootstrap.run(config, Mode.CHECK)).extracting(Finding::state).containsOnly(State.OK);
        assertThat(Bootstrap.run(config, Mode.CREATE))
                .extracting(Finding::state)
                .containsOnly(State.OK);
    }

    @Test
    void whatExistsIsReportedWhereItDiffersAndLeftAlone() throws Exception {
        // Given
        Map<String, String> config = config("kept.");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            NewTopic fitting = new NewTopic("kept.rollouts", Optional.of(2), Optional.of((short) 1))
                    .configs(Map.of("retention.ms", "1000"));
            NewTopic other = new NewTopic("kept.critiques", Optional.of(3), Optional.of((short) 1));
            admin.createTopics(List.of(fitting, other)).all().get();
        }

        // When
        List<Finding> created = Bootstrap.run(config, Mode.CREATE);
        List<Finding> checked = Bootstrap.run(config, Mode.CHECK);

        // Then
        for (List<Finding> findings : List.of(created, checked)) {
            assertThat(findings)
                    .filteredOn(finding -> !finding.state().good())
                    .satisfiesExactly(
                            finding -> {
                                assertThat(finding.thing()).isEqualTo("topic kept.rollouts");
                                assertThat(finding.state()).isEqualTo(State.DIFFERS);
                                assertThat(finding.detail()).contains("retention.ms: 1000 instead of");
                            },
                            finding -> {
                                assertThat(finding.thing()).isEqualTo("topic kept.critiques");
                                assertThat(finding.state()).isEqualTo(State.DIFFERS);
                                assertThat(finding.detail()).contains("partitions: 3 instead of 2");
                            },
                            finding -> {
                                assertThat(finding.thing()).contains("kept.rollouts", "kept.critiques");
                                assertThat(finding.detail()).contains("2 partitions against 3");
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({"critiques, rollouts", "rollouts, critiques"})
    void theMissingOneOfRolloutsAndCritiquesGetsAsManyPartitionsAsTheOther(String there, String missing)
            throws Exception {
        // Given
        Map<String, String> config = config("pair-" + there + ".");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("pair-" + there + "." + there, 3, (short) 1)))
                    .all()
                    .get();
        }

        // When
        List<Finding> planned = Bootstrap.run(config, Mode.DRY_RUN);
        List<Finding> created = Bootstrap.run(config, Mode.CREATE);

        // Then
        assertThat(List.of(planned, created))
                .allSatisfy(findings -> assertThat(findings)
                        .filteredOn(finding -> finding.thing().equals("topic pair-" + there + "." + missing))
                        .singleElement()
                        .satisfies(finding -> {
                            assertThat(finding.state()).isIn(State.WOULD_CREATE, State.CREATED);
                            assertThat(finding.detail()).contains("3 partitions instead of 2");
                        }));
        try (Cluster cluster = new Cluster(client(Map.of()))) {
            await().untilAsserted(() -> assertThat(cluster.partitions("pair-" + there + "." + missing))
                    .contains(3));
        }
        assertThat(Bootstrap.run(config, Mode.CHECK))
                .noneMatch(finding -> finding.thing().startsWith("topics "));
    }

    @Test
    void aTopicThatSomebodyMakesMeanwhileIsLookedAtAgain() {
        // Given: it is not there when we look, and there when we make it
        TopicSpec wanted = new TopicSpec("race.rollouts", 2, (short) 1, Map.of("retention.ms", "5000"));
        class Raced extends Cluster {
            private boolean made;

            Raced() {
                super(client(Map.of()));
            }

            @Override
            Optional<FoundTopic> topic(String name) {
                if (made) {
                    return super.topic(name);
                }
                made = super.create(new TopicSpec(name, 5, (short) 1, Map.of("retention.ms", "1000")));
                await().until(() -> super.topic(name).isPresent());
                return Optional.empty();
            }
        }

        // When
        Finding finding;
        try (Raced cluster = new Raced()) {
            finding = new TopicBootstrap(cluster, new Topics("race."), Mode.CREATE).topic(wanted);
        }

        // Then
        assertThat(finding.state()).isEqualTo(State.DIFFERS);
        assertThat(finding.detail())
                .contains("partitions: 5 instead of 2")
                .contains("retention.ms: 1000 instead of 5000");
    }

    @Test
    void aSubjectOfAnotherApplicationIsLeftAlone() {
        // Given
        Map<String, String> config = config("shared.");
        Schema other =
                SchemaBuilder.record("shop.Order").fields().requiredString("id").endRecord();
        try (HttpSchemaRegistry registry = new HttpSchemaRegistry(RegistryConfig.from(config))) {
            registry.register("shared.rollouts-value", other);
            Optional<Compatibility> level = registry.compatibility("shared.rollouts-value");

            // When
            List<Finding> checked = Bootstrap.run(config, Mode.CHECK);
            List<Finding> created = Bootstrap.run(config, Mode.CREATE);

            // Then
            for (List<Finding> findings : List.of(checked, created)) {
                assertThat(findings)
                        .filteredOn(finding -> finding.thing().equals("subject shared.rollouts-value"))
                        .containsExactly(new Finding(
                                "subject shared.rollouts-value",
                                State.DIFFERS,
                                "the subject exists with other schemas; set topics.prefix"));
            }
            assertThat(level).isNotEqualTo(Optional.of(Compatibility.FULL_TRANSITIVE));
            assertThat(registry.compatibility("shared.rollouts-value")).isEqualTo(level);
            assertThat(registry.find("shared.rollouts-value", Rollout.getClassSchema()))
                    .isEmpty();
            assertThat(registry.find("shared.rewards-value", GroupReward.getClassSchema()))
                    .isPresent();
        }
    }

    @Test
    void aSubjectWithAnOlderSchemaOfOursIsGivenTheNewOne() {
        // Given: as an earlier release left it, without the newest field that may be missing
        Map<String, String> config = config("older.");
        Schema now = GroupReward.getClassSchema();
        Schema.Field newest = now.getFields().stream()
                .filter(Schema.Field::hasDefaultValue)
                .reduce((first, second) -> second)
                .orElseThrow();
        Schema older = Schema.createRecord(now.getName(), now.getDoc(), now.getNamespace(), false);
        older.setFields(now.getFields().stream()
                .filter(field -> !field.equals(newest))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        try (HttpSchemaRegistry registry = new HttpSchemaRegistry(RegistryConfig.from(config))) {
            registry.register("older.rewards-value", older);
            registry.setCompatibility("older.rewards-value", Compatibility.FULL_TRANSITIVE);

            // When
            List<Finding> created = Bootstrap.run(config, Mode.CREATE);

            // Then
            assertThat(created)
                    .filteredOn(finding -> finding.thing().equals("subject older.rewards-value"))
                    .extracting(Finding::state)
                    .containsExactly(State.OK, State.CREATED);
            assertThat(registry.find("older.rewards-value", now)).isPresent();
        }
    }

    @Test
    void aMissingRightIsNamedAndTheRestIsMade() throws Exception {
        // Given: nobody may create topics under this prefix, nor set up this group
        Map<String, String> config = config("denied.");
        List<AclBinding> acls = List.of(
                acl(
                        ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME,
                        PatternType.LITERAL,
                        AclOperation.ALL,
                        AclPermissionType.ALLOW),
                acl(
                        ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME,
                        PatternType.LITERAL,
                        AclOperation.CREATE,
                        AclPermissionType.DENY),
                acl(
                        ResourceType.TOPIC,
                        "denied.",
                        PatternType.PREFIXED,
                        AclOperation.DESCRIBE,
                        AclPermissionType.ALLOW),
                acl(
                        ResourceType.GROUP,
                        "denied.",
                        PatternType.PREFIXED,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclPermissionType.ALLOW));
        List<Finding> findings;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createAcls(acls).all().get();
            try {
                // When
                findings = Bootstrap.run(config, Mode.CREATE);
            } finally {
                List<AclBindingFilter> filters =
                        acls.stream().map(AclBinding::toFilter).toList();
                admin.deleteAcls(filters).all().get();
            }
        }

        // Then
        assertThat(findings)
                .filteredOn(finding -> finding.thing().equals("topic denied.rollouts"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.state()).isEqualTo(State.DENIED);
                    assertThat(finding.detail()).contains("CREATE on topic 'denied.rollouts' or on the cluster");
                });
        assertThat(findings)
                .filteredOn(finding -> finding.thing().equals("group denied.kritik-workers"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.state()).isEqualTo(State.DENIED);
                    assertThat(finding.detail()).contains("ALTER_CONFIGS on group 'denied.kritik-workers'");
                });
        assertThat(findings)
                .filteredOn(finding -> finding.thing().startsWith("subject"))
                .extracting(Finding::state)
                .containsOnly(State.CREATED);
    }

    @Test
    void rightsAreGivenOnceAndWhateverDiffersIsFound() throws Exception {
        // Given
        Map<String, String> config = config("rights.");
        config.put("acl.worker", "User:worker-of-rights");
        List<AclBinding> stray = List.of(
                aclOf("User:worker-of-rights", "rights.rewards", AclOperation.WRITE, AclPermissionType.ALLOW),
                aclOf("User:worker-of-rights", "rights.critiques", AclOperation.WRITE, AclPermissionType.DENY),
                aclOf("User:*", "rights.rollouts", AclOperation.READ, AclPermissionType.ALLOW),
                aclOf("User:*", "rights.critique-requests", AclOperation.READ, AclPermissionType.ALLOW));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            try {
                // When: once more changes nothing
                List<Finding> before = acls(config, Mode.CHECK);
                List<Finding> created = acls(config, Mode.CREATE);
                List<Finding> again = acls(config, Mode.CREATE);
                // Then
                assertThat(before).singleElement().satisfies(finding -> {
                    assertThat(finding.state()).isEqualTo(State.MISSING);
                    assertThat(finding.thing()).isEqualTo("acls of worker (User:worker-of-rights)");
                    assertThat(finding.detail())
                            .contains("WRITE on topic 'rights.critiques'", "READ on group 'rights.kritik-workers'");
                });
                assertThat(created).extracting(Finding::state).containsExactly(State.CREATED);
                await().untilAsserted(() -> assertThat(acls(config, Mode.CHECK))
                        .containsExactly(new Finding("acls of worker (User:worker-of-rights)", State.OK, "5 rights")));
                assertThat(again).extracting(Finding::state).isSubsetOf(State.OK, State.CREATED);

                // When
                admin.createAcls(stray).all().get();
                // Then
                await().untilAsserted(() -> assertThat(acls(config, Mode.CHECK))
                        .filteredOn(finding -> finding.state() == State.DIFFERS)
                        .extracting(finding -> finding.detail().replaceAll("[,;].*", ""))
                        .containsExactlyInAnyOrder(
                                "more than it needs: WRITE on topic 'rights.rewards'",
                                "denied: WRITE on topic 'rights.critiques'",
                                "open to everybody: READ on topic 'rights.critique-requests'"));
            } finally {
                // Nobody else may do anything where somebody has a right.
                admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
            }
        }
    }

    private static List<Finding> acls(Map<String, String> config, Mode mode) {
        return Bootstrap.run(config, mode).stream()
                .filter(finding -> finding.thing().startsWith("acl"))
                .toList();
    }

    @Test
    void whoeverIsRefusedEndsAtOnceWithTheNameOfTheRight() throws Exception {
        // Given: the topics are somebody else's
        Map<String, String> config = config("refused.");
        Bootstrap.run(config, Mode.CREATE);
        List<AclBinding> others = new Topics("refused.")
                .all().stream()
                        .map(topic -> aclOf("User:somebody", topic, AclOperation.ALL, AclPermissionType.ALLOW))
                        .toList();
        List<String> settings = new ArrayList<>();
        config.forEach((key, value) -> settings.addAll(List.of("--set", key + "=" + value)));
        Path line = Files.createTempFile("refused", ".jsonl");
        Files.writeString(
                line,
                "{\"query_id\":\"q\",\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}],\"responses\":[{\"content\":\"a\"},{\"content\":\"b\"}]}\n");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createAcls(others).all().get();
            try {
                // When, then
                for (String role : List.of("stream", "worker", "gateway", "dashboard")) {
                    Cli ran = kritik(List.of(role), settings);
                    assertThat(ran.code()).as(role).isEqualTo(1);
                    assertThat(ran.err())
                            .contains("this user lacks rights that the " + role + " needs", "'kritik topics acls'")
                            .contains(
                                    role.equals("worker")
                                            ? "WRITE on topic 'refused.critiques'"
                                            : "'refused.rollouts'");
                }
                for (List<String> command : List.of(
                        List.of("rollouts", "publish", line.toString()), List.of("rewards", "tail"), List.of("lag"))) {
                    Cli ran = kritik(command, settings);
                    assertThat(ran.code()).as(command.toString()).isEqualTo(1);
                    assertThat(ran.err()).as(command.toString()).containsIgnoringCase("authoriz");
                }
            } finally {
                admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
            }
        }
    }

    private static Cli kritik(List<String> command, List<String> settings) {
        return Cli.run(Stream.concat(command.stream(), settings.stream()).toArray(String[]::new));
    }

    private static AclBinding aclOf(
            String principal, String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, permission));
    }

    private static AclBinding acl(
            ResourceType type, String name, PatternType pattern, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    @Test
    void aRequestThatNobodyFinishesEndsOnDeadLettersAndRequestsFromBeforeTheFirstWorkerAreSeen() throws Exception {
        // Given: a request that was written before any worker joined
        Map<String, String> config = config("queue.");
        config.put("topics.group.deliveries", "2");
        Bootstrap.run(config, Mode.CREATE);
        try (var producer = new KafkaProducer<>(client(Map.of()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("queue.critique-requests", "key", "hopeless"))
                    .get();
        }

        // When: it is given back as often as it is handed out
        Map<String, Object> share =
                client(Map.of("group.id", "queue.kritik-workers", "share.acknowledgement.mode", "explicit"));
        List<Short> deliveries = new ArrayList<>();
        try (var consumer = new KafkaShareConsumer<>(share, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("queue.critique-requests"));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> {
                    deliveries.add(record.deliveryCount().orElseThrow());
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                });
                consumer.commitSync();
                return deliveries.size() >= 2;
            });
        }

        // Then
        assertThat(deliveries).containsExactly((short) 1, (short) 2);
        List<ConsumerRecord<String, String>> dead = new ArrayList<>();
        Map<String, Object> reader = client(Map.of("group.id", "queue.reader", "auto.offset.reset", "earliest"));
        try (var consumer = new KafkaConsumer<>(reader, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("queue.dead-letters"));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(dead::add);
                return !dead.isEmpty();
            });
        }
        assertThat(dead).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo("hopeless");
            assertThat(record.key()).isEqualTo("key");
        });
    }

    private static Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(more);
        settings.put("bootstrap.servers", stack.bootstrapServers());
        return settings;
    }

    @Test
    void theCommandsExitCodeTellsWhetherAllIsWell() {
        // Given
        List<String> settings = config("command.").entrySet().stream()
                .flatMap(entry -> List.of("--set", entry.getKey() + "=" + entry.getValue()).stream())
                .toList();
        // When // Then
        assertThat(kritik("topics", "check", settings).code()).isEqualTo(1);
        assertThat(kritik("topics", "create", settings).code()).isZero();
        Run check = kritik("topics", "check", settings);
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("ok").contains("topic command.rollouts");
    }

    private record Run(int code, String out) {}

    private static Run kritik(String command, String sub, List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of(command, sub));
        arguments.addAll(settings);
        StringWriter out = new StringWriter();
        int code = Kritik.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        return new Run(code, out.toString());
    }
}
