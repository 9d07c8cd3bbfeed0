/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.schema.Topics;

/** What each role needs on the cluster, and no more. Found by taking away one right after the other; a test does so again. */
final class RoleNeeds {

    private RoleNeeds() {}

    static List<Need> of(AclRole role, AclNames names) {
        Topics topics = names.topics();
        return switch (role) {
            case STREAM -> stream(topics, names.application());
            case WORKER -> worker(topics, names.workers());
            case GATEWAY ->
                List.of(
                        Need.topic(topics.rollouts(), WRITE, "what callers send"),
                        Need.topic(topics.rollouts(), READ, "which jobs other instances have taken in"),
                        Need.topic(topics.rewards(), READ, "the answers for callers"));
            case PRODUCER -> List.of(Need.topic(topics.rollouts(), WRITE, "the responses that are to be judged"));
            case CONSUMER ->
                List.of(
                        Need.topic(topics.rewards(), READ, "the rewards"),
                        Need.topic(topics.rollouts(), READ, "the responses that the rewards are for"));
            case TRAINER -> trainer(names);
            case EXPORTER -> exporter(names);
            case DASHBOARD -> dashboard(names);
            case REPLAY ->
                List.of(
                        Need.topic(topics.rollouts(), READ, "they are exported"),
                        Need.topic(topics.critiques(), READ, "they are exported"),
                        Need.topic(topics.rewards(), READ, "they are exported"));
            case RESCORE -> rescore(names);
            case REGISTRY -> registry();
            case CHECKER -> checker(names);
            case ADMIN -> admin(names);
        };
    }

    private static List<Need> stream(Topics topics, String application) {
        List<Need> needs = new ArrayList<>(List.of(
                Need.topic(topics.rollouts(), READ, "the responses that are grouped"),
                Need.topic(topics.critiques(), READ, "the scores that are counted"),
                Need.topic(topics.critiqueRequests(), WRITE, "asks for critiques"),
                Need.topic(topics.rewards(), WRITE, "the one record at the end of each group"),
                Need.topic(topics.deadLetters(), WRITE, "puts aside what can't be used")));
        for (String written : List.of(topics.critiqueRequests(), topics.rewards(), topics.deadLetters())) {
            needs.add(Need.topic(
                    written,
                    DESCRIBE_CONFIGS,
                    "sees at its start whether its largest record fits (max.message.bytes)"));
        }
        needs.add(Need.group(application, READ, "its instances share the partitions, and commit how far they are"));
        needs.addAll(application(application + "-"));
        return needs;
    }

    /** What Kafka Streams needs for itself; its names begin with the application's. */
    private static List<Need> application(String prefix) {
        return List.of(
                Need.topics(prefix, CREATE, "makes the changelogs of its state"),
                Need.topics(prefix, WRITE, "writes its state to the changelogs"),
                Need.topics(prefix, READ, "restores its state from the changelogs"),
                Need.transactions(prefix, "exactly once: what is read and what is written are one transaction"));
    }

    private static List<Need> worker(Topics topics, String group) {
        return List.of(
                Need.topic(topics.critiqueRequests(), READ, "the requests"),
                Need.topic(topics.critiques(), WRITE, "the critiques"),
                Need.topic(topics.deadLetters(), WRITE, "puts aside requests that can't be used"),
                Need.group(group, READ, "workers share the requests as one group"),
                Need.group(
                        group, DESCRIBE_CONFIGS, "knows the last delivery of a request (share.delivery.count.limit)"));
    }

    private static List<Need> trainer(AclNames names) {
        List<Need> needs = new ArrayList<>(List.of(
                Need.topic(names.topics().rollouts(), WRITE, "the groups that are to be judged"),
                Need.topic(names.topics().rollouts(), READ, "the responses that the rewards are for"),
                Need.topic(names.topics().rewards(), READ, "the rewards")));
        for (String prefix : names.transactions()) {
            needs.add(Need.transactions(prefix, "whole groups or none; only the last process that began may write"));
        }
        return needs;
    }

    private static List<Need> exporter(AclNames names) {
        Topics topics = names.topics();
        boolean readByOthers = !names.otherGroups().isEmpty();
        List<Need> needs = new ArrayList<>();
        for (String read : List.of(topics.rollouts(), topics.critiqueRequests(), topics.critiques())) {
            needs.add(Need.topic(read, READ, "how old the oldest record is that waits"));
        }
        for (String written : List.of(topics.rewards(), topics.deadLetters())) {
            needs.add(
                    readByOthers
                            ? Need.topic(
                                    written, READ, "how old the oldest record is that waits for a group of acl.groups")
                            : Need.topic(written, DESCRIBE, "where the topic ends"));
        }
        needs.addAll(lagOfGroups(names));
        return needs;
    }

    private static List<Need> dashboard(AclNames names) {
        List<Need> needs = new ArrayList<>();
        for (String topic : names.topics().all()) {
            needs.add(Need.topic(topic, READ, "shows what goes on"));
        }
        needs.addAll(lagOfGroups(names));
        return needs;
    }

    private static List<Need> lagOfGroups(AclNames names) {
        List<Need> needs = new ArrayList<>(List.of(
                Need.group(names.application(), DESCRIBE, "how far the stream application is behind"),
                Need.group(names.workers(), DESCRIBE, "how far the workers are behind")));
        for (String group : names.otherGroups()) {
            String why = "how far this group is behind (acl.groups)";
            boolean prefix = group.length() > 1 && group.endsWith("*");
            needs.add(
                    prefix
                            ? Need.groups(group.substring(0, group.length() - 1), DESCRIBE, why)
                            : Need.group(group, DESCRIBE, why));
        }
        return needs;
    }

    private static List<Need> rescore(AclNames names) {
        Topics live = names.topics();
        String own = names.rescores();
        List<Need> needs = new ArrayList<>(List.of(
                Need.topic(live.rollouts(), READ, "what is judged again"),
                Need.topic(live.rewards(), READ, "the rewards of then, to be compared with"),
                Need.topics(own, CREATE, "topics of its own, so that nothing is written to the live ones"),
                Need.topics(own, READ, "stream application and worker of the rescore"),
                Need.topics(own, WRITE, "stream application and worker of the rescore"),
                Need.topics(own, DESCRIBE_CONFIGS, "whether its topics are as they should be"),
                Need.topics(own, DELETE, "'kritik replay drop'"),
                Need.groups(own, READ, "stream application and worker of the rescore"),
                Need.groups(own, ALTER_CONFIGS, "settings of the workers' share group"),
                Need.groups(own, DELETE, "'kritik replay drop'"),
                Need.transactions(own, "stream application of the rescore")));
        String queues = "dlq." + own; // where brokers want that prefix (Kafka's default), or don't say which they want
        needs.add(Need.topics(queues, CREATE, "the dead-letter queue of the rescore's share group"));
        needs.add(Need.topics(queues, DESCRIBE_CONFIGS, "whether that queue is as it should be"));
        needs.add(Need.topics(queues, DELETE, "'kritik replay drop'"));
        return needs;
    }

    private static List<Need> registry() {
        List<Need> needs = new ArrayList<>();
        for (String topic : List.of("kafkasql-journal", "kafkasql-snapshots", "registry-events")) {
            needs.add(Need.topic(topic, CREATE, "makes its topics at the first start"));
            needs.add(Need.topic(topic, DESCRIBE_CONFIGS, "looks at their settings"));
            needs.add(Need.topic(topic, READ, "reads its journal at each start"));
            needs.add(Need.topic(topic, WRITE, "writes schemas to its journal"));
        }
        needs.add(Need.groups("apicurio-", READ, "reads its journal with a group of a new name each time"));
        return needs;
    }

    private static List<Need> checker(AclNames names) {
        List<Need> needs = new ArrayList<>();
        for (String topic : made(names)) {
            needs.add(Need.topic(topic, DESCRIBE, "whether the topic is there, with how many partitions"));
            needs.add(Need.topic(topic, DESCRIBE_CONFIGS, "whether the topic is set up as it should be"));
        }
        needs.add(Need.group(names.workers(), DESCRIBE_CONFIGS, "whether the workers' share group is set up"));
        needs.add(Need.cluster(DESCRIBE_CONFIGS, "which names brokers allow for dead-letter queues"));
        needs.add(Need.cluster(DESCRIBE, "which rights there are"));
        return needs;
    }

    private static List<Need> admin(AclNames names) {
        List<Need> needs = new ArrayList<>();
        for (String topic : made(names)) {
            needs.add(Need.topic(topic, CREATE, "makes the topic where it is missing"));
            needs.add(Need.topic(topic, DESCRIBE, "whether the topic is there, with how many partitions"));
            needs.add(Need.topic(topic, DESCRIBE_CONFIGS, "whether the topic is set up as it should be"));
        }
        needs.add(Need.group(names.workers(), ALTER_CONFIGS, "sets up the workers' share group"));
        needs.add(Need.cluster(DESCRIBE_CONFIGS, "which names brokers allow for dead-letter queues"));
        needs.add(Need.cluster(ALTER, "gives rights that are missing, and sees which there are"));
        return needs;
    }

    private static List<String> made(AclNames names) {
        List<String> made = new ArrayList<>(names.topics().all());
        names.deadLetterQueue().filter(queue -> !made.contains(queue)).ifPresent(made::add);
        return made;
    }
}
