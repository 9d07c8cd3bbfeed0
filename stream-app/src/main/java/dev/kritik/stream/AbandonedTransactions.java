/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.kritik.schema.config.KafkaSettings;

/**
 * Ends the open transactions of instances that are no longer members of the group. A killed instance leaves its transactions
 * open; until they time out, nobody can read past them: neither its successor, which needs the end of the changelogs, nor
 * workers and trainers. So while partitions move, an instance looks for such transactions and aborts them (KIP-98: a newer
 * epoch of the same transactional id). An instance that only seemed dead could not have committed them either, for its place in
 * the group is part of each commit (KIP-447); it finds itself fenced, and joins anew. For one thread.
 */
final class AbandonedTransactions implements Runnable, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AbandonedTransactions.class);

    private static final String PROCESS = "-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final int PATIENCE_MS = 5_000;

    /** Looks at full pace; after so many only every twentieth time: to read state anew can take an hour. */
    private static final int MANY = 20;

    private final String applicationId;
    private final Map<String, Object> client;
    private final BooleanSupplier moving;
    private Admin admin;
    private boolean told;
    private int looks;

    /**
     * @param moving whether partitions are on the move
     */
    AbandonedTransactions(KafkaSettings kafka, BooleanSupplier moving) {
        this.applicationId = StreamApp.applicationId(kafka.topics());
        this.client = kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS,
                // Must not be above the other.
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS));
        this.moving = moving;
    }

    /** One look, if partitions are on the move; the next makes good what goes wrong in this one. */
    @Override
    public void run() {
        try {
            if (!moving.getAsBoolean()) {
                looks = 0;
                close();
            } else if (++looks <= MANY || looks % MANY == 0) {
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            Throwable why = e instanceof ExecutionException ? e.getCause() : e;
            if (!told && !(why instanceof GroupIdNotFoundException)) {
                told = true;
                LOGGER.atWarn()
                        .addKeyValue("error", String.valueOf(why))
                        .log("transactions that dead instances left open can't be looked for now; they end by their"
                                + " time-out");
            }
        }
    }

    private void end() throws InterruptedException, ExecutionException, TimeoutException {
        if (admin == null) {
            admin = Admin.create(client);
        }
        Set<String> open = admin
                .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
                .stream()
                .map(TransactionListing::transactionalId)
                .collect(Collectors.toSet());
        // Asked for after those, so that whoever has opened one since is among them.
        ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(applicationId))
                .describedGroups()
                .get(applicationId)
                .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        Set<String> abandoned = abandoned(
                applicationId,
                group.members().stream().map(MemberDescription::clientId).toList(),
                open);
        if (!abandoned.isEmpty()) {
            admin.fenceProducers(abandoned).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
            LOGGER.atInfo()
                    .addKeyValue("transactionalIds", abandoned)
                    .log("ended the transactions that an instance left open");
        }
        told = false;
    }

    /**
     * Which of the open transactions belong to no member.
     *
     * @param members client ids of the group's members, as Kafka Streams makes them: application id, process, thread. None, or one
     *     of another form, whose process can't be told: nothing is abandoned then
     * @param open transactional ids of all open transactions: application id, process, number of the thread
     */
    static Set<String> abandoned(String applicationId, Collection<String> members, Collection<String> open) {
        String process = "(" + Pattern.quote(applicationId) + PROCESS + ")";
        Pattern member = Pattern.compile(process + "-StreamThread-\\d+-consumer");
        Set<String> alive = new HashSet<>();
        for (String id : members) {
            Matcher known = member.matcher(id);
            if (!known.matches()) {
                return Set.of();
            }
            alive.add(known.group(1));
        }
        if (alive.isEmpty()) {
            return Set.of();
        }
        Pattern transaction = Pattern.compile(process + "-\\d+");
        return open.stream()
                .filter(id -> {
                    Matcher ours = transaction.matcher(id);
                    return ours.matches() && !alive.contains(ours.group(1));
                })
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
