/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.SocketFactory;

/** The brokers of one stack, which form one cluster. Calls for different brokers may come from different threads. */
final class Brokers implements AutoCloseable {

    private final Options options;
    private final Distribution distribution;
    private final Optional<Security> security;
    private final Optional<StackRunner.Programs> elsewhere;
    private final List<Broker> all = new ArrayList<>();
    private final int mutualPort;
    private final String clusterId;

    /** Chooses ports and opens the links; no broker is started. */
    Brokers(
            Options options,
            Distribution distribution,
            Optional<Security> security,
            Optional<StackRunner.Programs> elsewhere) {
        this.options = options;
        this.distribution = distribution;
        this.security = security;
        this.elsewhere = elsewhere;
        if (options.brokerFolders().keySet().stream().anyMatch(number -> number < 0 || number >= options.brokers())) {
            throw new IllegalArgumentException("folders are named for the brokers "
                    + options.brokerFolders().keySet() + ", but there are " + options.brokers() + ", from 0");
        }
        requireAsManyAsBefore(options.data(), options.brokers());
        try {
            for (int number = 0; number < options.brokers(); number++) {
                all.add(new Broker(number, options));
            }
            this.mutualPort = Ports.choose("Kafka broker for certificates", 0);
            this.clusterId = clusterId();
        } catch (RuntimeException e) {
            all.forEach(Broker::close);
            throw e;
        }
    }

    int count() {
        return all.size();
    }

    /**
     * One of them.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    Broker get(int number) {
        return all.get(number);
    }

    int mutualPort() {
        return mutualPort;
    }

    boolean areAlive() {
        return all.stream().allMatch(Broker::isAlive);
    }

    String bootstrapServers() {
        return addresses(broker -> broker.clients().port());
    }

    /** What a client in this zone, by its place in the options, is told. */
    String bootstrapServers(int zone) {
        return addresses(broker -> broker.zoneLinks().get(zone).port());
    }

    private String addresses(Function<Broker, Integer> port) {
        return all.stream().map(broker -> "127.0.0.1:" + port.apply(broker)).collect(Collectors.joining(","));
    }

    /** Starts those that don't run; returns at once. */
    void launch() {
        all.stream().filter(broker -> !broker.isAlive()).forEach(this::launch);
    }

    /** Starts one, which doesn't run; returns at once. */
    void launch(Broker broker) {
        Map<String, String> above = new TreeMap<>();
        security.ifPresent(known -> above.putAll(known.broker(
                broker.clients().port(), mutualPort, broker.controller().port())));
        above.putAll(options.brokerProperties());
        Map<String, String> settings = BrokerSettings.of(broker, all, above);
        if (elsewhere.isPresent()) {
            broker.runsAs(elsewhere.get().startBroker(broker.clients().port(), settings));
            return;
        }
        write(broker.settingsFile(), settings);
        List<String> main = new ArrayList<>(
                List.of(BrokerMain.class.getName(), broker.settingsFile().toString(), clusterId));
        security.ifPresent(
                known -> main.add(known.secrets().file(Security.ADMIN).toString()));
        String name = count() == 1 ? "Kafka broker" : "Kafka broker " + broker.number();
        List<String> jvm = Jvm.broker(distribution, options.durable(), count(), security);
        broker.runsAs(Child.start(name, jvm, main, broker.log(), options.data()));
    }

    /** Waits until all answer, and where there are several know each other. */
    void await() {
        Set<Integer> ids = all.stream().map(Broker::id).collect(Collectors.toSet());
        all.forEach(broker -> await(broker, () -> Probe.knows(broker.clients().port(), ids)));
    }

    /** Waits until this one answers; where there are several, until it has a part in the cluster. */
    void await(Broker broker) {
        await(broker, () -> Probe.knows(broker.clients().port(), Set.of(broker.id())));
    }

    private void await(Broker broker, BooleanSupplier inCluster) {
        SocketFactory sockets = security.map(
                        known -> (SocketFactory) known.certificates().trust().getSocketFactory())
                .orElseGet(SocketFactory::getDefault);
        BooleanSupplier ready =
                count() > 1 ? inCluster : () -> Probe.kafka(broker.clients().port(), sockets);
        broker.process()
                .orElseThrow(() -> new IllegalStateException("broker " + broker.number() + " was never started"))
                .awaitReady(ready, options.startTimeout());
    }

    /** Ends all as kill -9 does. */
    void kill() {
        all.stream().flatMap(broker -> broker.process().stream()).forEach(Running::kill);
    }

    /** Ends all in order and at the same time: alone, the last ones would wait for a controller in vain. */
    void stop() {
        List<Thread> stopping = all.stream()
                .flatMap(broker -> broker.process().stream())
                .map(running -> Thread.ofVirtual().start(running::close))
                .toList();
        for (Thread one : stopping) {
            try {
                one.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                kill();
            }
        }
    }

    /** Closes the links; the processes are ended before. */
    @Override
    public void close() {
        all.forEach(Broker::close);
    }

    /** That of data which are there, in whose folder ever; else a new one, as Kafka draws them. */
    private String clusterId() {
        for (Broker broker : all) {
            Path meta = broker.logDir().resolve("meta.properties");
            if (Files.exists(meta)) {
                Properties kept = new Properties();
                try (InputStream in = Files.newInputStream(meta)) {
                    kept.load(in);
                } catch (IOException e) {
                    throw new StackException("The log folder's " + meta + " can't be read: " + e.getMessage(), e);
                }
                return kept.getProperty("cluster.id");
            }
        }
        UUID drawn = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(drawn.getMostSignificantBits() >>> 1) // as an argument it must not begin with '-'
                .putLong(drawn.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A cluster of another size would not find its majority, or leave topics without their data. */
    private static void requireAsManyAsBefore(Path data, int count) {
        Path file = data.resolve("brokers");
        try {
            boolean one = Files.exists(data.resolve("kafka")) && !Files.exists(file);
            int before = one
                    ? 1
                    : Files.exists(file)
                            ? Integer.parseInt(Files.readString(file).strip())
                            : count;
            if (before != count) {
                throw new StackException("The data in " + data + " are those of " + before + " broker(s), not of "
                        + count + ". Start as many as before, or name another folder.");
            }
            Files.writeString(file, Integer.toString(count));
        } catch (IOException | NumberFormatException e) {
            throw new StackException("The number of brokers can't be kept in " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path file, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, "Written at each start of the local stack; changes here are lost.");
        } catch (IOException e) {
            throw new StackException("The broker's settings can't be written to " + file + ": " + e.getMessage(), e);
        }
    }
}
