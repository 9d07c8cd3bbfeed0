/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.common.acl.AclBinding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.kritik.ops.topics.Finding.State;
import dev.kritik.ops.topics.acl.AclAudit;
import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.ops.topics.acl.AclList;
import dev.kritik.ops.topics.acl.AclNames;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.ops.topics.acl.Words;
import dev.kritik.schema.config.KafkaSettings;

/** The part of the {@link Bootstrap} that looks at rights. It gives those that are missing, and takes none away. */
final class AclBootstrap {

    private static final String THING = "acls";

    private final Map<String, String> config;
    private final Cluster cluster;
    private final Broker broker;
    private final Bootstrap.Mode mode;

    AclBootstrap(Map<String, String> config, Cluster cluster, Broker broker, Bootstrap.Mode mode) {
        this.config = config;
        this.cluster = cluster;
        this.broker = broker;
        this.mode = mode;
    }

    List<Finding> run() {
        AclConfig acl = AclConfig.from(config);
        if (!acl.isSet()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        Finding looked = Bootstrap.attempted(THING, () -> {
            Optional<Collection<AclBinding>> found = cluster.acls();
            if (found.isEmpty()) {
                return new Finding(
                        THING,
                        State.DIFFERS,
                        "the brokers have no authorizer, so that everybody may do everything; give them"
                                + " authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            }
            findings.addAll(compared(acl, found.get()));
            return new Finding(THING, State.OK, found.get().size() + " on this cluster");
        });
        if (looked.state() != State.OK) {
            findings.add(looked);
        }
        return findings;
    }

    private List<Finding> compared(AclConfig acl, Collection<AclBinding> found) {
        List<Grant> wanted = wanted(acl, broker);
        // A list that was made without a look at the brokers has a right or two for a queue that these may not want.
        AclAudit audit = AclAudit.of(wanted, wanted(acl, Broker.UNKNOWN), found);
        List<Finding> findings = new ArrayList<>();
        Map<String, List<Grant>> byUser = wanted.stream()
                .collect(Collectors.groupingBy(AclBootstrap::thing, LinkedHashMap::new, Collectors.toList()));
        byUser.forEach((thing, grants) -> findings.add(Bootstrap.attempted(thing, () -> user(thing, grants, audit))));
        audit.excess()
                .forEach(right -> findings.add(new Finding(
                        "acl of " + right.entry().principal(),
                        State.DIFFERS,
                        "more than it needs: " + Words.of(right) + "; to take it away: " + Words.removing(right))));
        audit.denials()
                .forEach(denial -> findings.add(new Finding(
                        "acl of " + denial.binding().entry().principal(),
                        State.DIFFERS,
                        "denied: " + Words.of(denial.binding()) + ", which "
                                + denial.hindered().role().label() + " ("
                                + denial.hindered().principal() + ") needs: "
                                + denial.hindered().need().why() + "; to take it away: "
                                + Words.removing(denial.binding()))));
        audit.open()
                .forEach(right -> findings.add(new Finding(
                        "acl of " + right.entry().principal(),
                        State.DIFFERS,
                        "open to everybody: " + Words.of(right) + "; to take it away: " + Words.removing(right))));
        return findings;
    }

    private List<Grant> wanted(AclConfig acl, Broker of) {
        String deadLetters = KafkaSettings.from(config).topics().deadLetters();
        return AclList.of(acl, AclNames.of(config, acl, of.deadLetterQueue(deadLetters)));
    }

    private static String thing(Grant grant) {
        return "acls of " + grant.role().label() + " (" + grant.principal() + ")";
    }

    private Finding user(String thing, List<Grant> grants, AclAudit audit) {
        List<Grant> missing = grants.stream().filter(audit.missing()::contains).toList();
        if (missing.isEmpty()) {
            return new Finding(thing, State.OK, grants.size() + " rights");
        }
        String what = missing.stream().map(grant -> Words.of(grant.binding())).collect(Collectors.joining("; "));
        return Bootstrap.make(
                mode,
                thing,
                what,
                () -> cluster.addAcls(missing.stream().map(Grant::binding).toList()));
    }
}
