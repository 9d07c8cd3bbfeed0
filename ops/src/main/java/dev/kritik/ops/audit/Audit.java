/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.kritik.ops.audit.invariant.Checker;
import dev.kritik.ops.audit.invariant.Findings;
import dev.kritik.ops.audit.invariant.Observation;
import dev.kritik.ops.audit.invariant.Place.Flow;
import dev.kritik.ops.audit.invariant.Terms;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Rules;

/**
 * Holds the topics of an installation against the ledger of what was sent, and against what the installation promises
 * (docs/audit.md). Only reads. In memory stand some hundred bytes for each record, no texts.
 */
public final class Audit {

    /** Brokers can hold the reading to a quota by this name. */
    static final String CLIENT_ID = "kritik-audit";

    /** How many offsets have been read, of all. */
    interface Watcher {
        void read(long done, long all);
    }

    private final Connection connection;
    private final Rules rules;
    private final Path ledger;
    private final AuditOptions options;
    private final BooleanSupplier stop;
    private final Watcher watcher;

    Audit(
            Connection connection,
            Rules rules,
            Path ledger,
            AuditOptions options,
            BooleanSupplier stop,
            Watcher watcher) {
        this.connection = connection;
        this.rules = rules;
        this.ledger = ledger;
        this.options = options;
        this.stop = stop;
        this.watcher = watcher;
    }

    /**
     * Audits an installation.
     *
     * @param config where it is, and the {@code stream.*} keys by which it works
     * @param ledger of what was sent; null when there is none, and then all that stands on the topic counts as sent
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     * @throws dev.kritik.ops.cli.CommandFailed if the brokers don't answer, a topic is not there, or the ledger is none
     * @throws IOException if the ledger can't be read, or no temporary file be written
     */
    public static AuditReport run(Map<String, String> config, Path ledger, AuditOptions options) throws IOException {
        Rules rules = StreamConfig.from(config).rules();
        try (Connection connection = new Connection(config)) {
            return new Audit(connection, rules, ledger, options, () -> false, (done, all) -> {})
                    .run()
                    .orElseThrow();
        }
    }

    /** The report; empty when it was stopped. */
    Optional<AuditReport> run() throws IOException {
        Observation seen = new Observation(rules.limits().groupSize(), rules.minVotes());
        Map<Flow, RangeReader<? extends SpecificRecord>> readers = new HashMap<>();
        try {
            // Against the flow: whatever a record goes back to is then among what is read. Nothing moves until it is
            // opened.
            readers.put(Flow.REWARDS, open(connection.topics().rewards(), GroupReward.class));
            long now = InstantSource.system().millis();
            readers.put(Flow.DEAD_LETTERS, open(connection.topics().deadLetters(), Rollout.class));
            readers.put(Flow.CRITIQUES, open(connection.topics().critiques(), Critique.class));
            readers.put(Flow.REQUESTS, open(connection.topics().critiqueRequests(), CritiqueRequest.class));
            readers.put(Flow.ROLLOUTS, open(connection.topics().rollouts(), Rollout.class));
            if (ledger != null) {
                Ledger.read(ledger, seen::sent);
            }
            TopicIntake intake = new TopicIntake(seen, connection.topics(), readers, stop, watcher);
            if (!intake.all()) {
                return Optional.empty();
            }
            Checker.Verdict verdict = Checker.check(seen, terms(now, intake));
            return report(verdict, readers);
        } finally {
            readers.values().forEach(RangeReader::close);
        }
    }

    private <T extends SpecificRecord> RangeReader<T> open(String topic, Class<T> type) {
        return RangeReader.open(
                connection, CLIENT_ID, topic, type, new Bounds(options.sinceMs(), null, Map.of(), Map.of()));
    }

    private Terms terms(long now, TopicIntake intake) {
        long since = options.sinceMs() == null
                ? intake.fromMs(now, Flow.ROLLOUTS, Flow.CRITIQUES, Flow.REWARDS)
                : options.sinceMs();
        long requests = options.sinceMs() == null ? intake.fromMs(now, Flow.REQUESTS) : Long.MIN_VALUE;
        return new Terms(
                rules.collectMs(),
                rules.evaluateMs(),
                options.slackMs(),
                now,
                options.healedMs(),
                options.recoverWithinMs(),
                options.live(),
                since,
                requests,
                ledger != null,
                options.otherJobs());
    }

    private Optional<AuditReport> report(
            Checker.Verdict verdict, Map<Flow, RangeReader<? extends SpecificRecord>> readers) throws IOException {
        Findings findings = verdict.findings();
        List<String> skipped = new ArrayList<>();
        if (options.healedMs() == null) {
            skipped.add("whether late groups, which say so, could have ended earlier (--healed-ms)");
        }
        if (ledger == null) {
            skipped.add("whether all that was acknowledged stands there (--ledger)");
        }
        if (options.replay()) {
            Replay replay = new Replay(connection, readers, stop, options.live());
            if (!replay.check(findings)) {
                return Optional.empty();
            }
            if (options.live()) {
                skipped.add("whether a replay leaves the topics as they are (--live)");
            }
        } else {
            skipped.add("I8, whether a replay gives the same bytes (--no-replay)");
        }
        return Optional.of(new AuditReport(findings.violations(), findings.counts(), verdict.totals(), skipped));
    }
}
