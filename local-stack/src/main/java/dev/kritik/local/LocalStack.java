/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.SocketFactory;

/**
 * A Kafka broker (KRaft) and a schema registry (Apicurio, which keeps its schemas in that broker) on this machine, each
 * in a JVM of its own and bound to 127.0.0.1. Both die with this process. For development and tests: one copy of the
 * data, and no authentication unless {@link Options#withSecurity() asked for}.
 *
 * <p>Not thread-safe, except {@link #bootstrapServers()} and {@link #registryUrl()}.
 */
public final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);

    private final Options options;
    private final Optional<StackRunner.Programs> elsewhere;
    private final Distribution distribution = Distribution.find();
    private final DataLock lock;
    private final int brokerPort;
    private final int controllerPort;
    private final int mutualPort;
    private final Optional<Security> security;
    private final int registryPort;
    private final int healthPort;
    private final Thread cleanup = new Thread(this::close, "local-stack-cleanup");
    private Running broker;
    private Running registry;
    private boolean closed;

    private LocalStack(Options options) {
        this.options = options;
        this.elsewhere = StackRunner.wanted(options);
        this.lock = DataLock.take(options.data());
        try {
            brokerPort = Ports.choose("Kafka broker", options.brokerPort());
            controllerPort = Ports.choose("Kafka controller", 0);
            mutualPort = Ports.choose("Kafka broker for certificates", 0);
            registryPort = Ports.choose("Schema registry", options.registryPort());
            healthPort = Ports.choose("Schema registry's health", 0);
            security = options.secured() ? Optional.of(Security.in(data(), options.oauth())) : Optional.empty();
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Starts both and returns when they answer.
     *
     * @throws StackException if the data folder is in use, a port is taken, or a program doesn't start; nothing is left
     *     running
     */
    public static LocalStack start(Options options) {
        return start(options, stack -> {});
    }

    /**
     * The same.
     *
     * @param owner is given the stack before anything of it is started, to close it should the process be told to end
     *     meanwhile
     */
    public static LocalStack start(Options options, Consumer<LocalStack> owner) {
        long begin = System.nanoTime();
        LocalStack stack = new LocalStack(options);
        try {
            owner.accept(stack);
            stack.launchBroker();
            if (stack.security.isEmpty()) {
                stack.launchRegistry(); // its JVM starts while the broker does; it waits for the broker
            }
            stack.awaitBroker();
            long brokerMillis = millisSince(begin);
            if (stack.security.isPresent()) {
                stack.letRegistryIn();
                stack.launchRegistry();
            }
            stack.awaitRegistry();
            LOG.atInfo()
                    .addKeyValue("bootstrapServers", stack.bootstrapServers())
                    .addKeyValue("registryUrl", stack.registryUrl())
                    .addKeyValue("brokerMs", brokerMillis)
                    .addKeyValue("totalMs", millisSince(begin))
                    .log("local stack started");
            return stack;
        } catch (RuntimeException e) {
            stack.abandon(e);
            throw e;
        }
    }

    /** Starts both on free ports with a new folder that is deleted at the end: for tests. */
    public static LocalStack temporary() {
        // For Ctrl-C: nobody else knows the folder.
        return start(Options.temporary(), stack -> Runtime.getRuntime().addShutdownHook(stack.cleanup));
    }

    /** Where Kafka clients connect: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    /** The base URL of the registry's Confluent API, without a slash at the end. */
    public String registryUrl() {
        return "http://127.0.0.1:" + registryPort + "/apis/ccompat/v7";
    }

    /** The folder with all data and logs. */
    public Path data() {
        return options.data();
    }

    /** The broker's log file. */
    public Path brokerLog() {
        return data().resolve("logs").resolve("broker.log");
    }

    /** The registry's log file. */
    public Path registryLog() {
        return data().resolve("logs").resolve("registry.log");
    }

    /**
     * Makes a user of a secured stack, or gives it another password, and returns when that user can come in. It may do
     * nothing until it has ACLs, which {@link #clientSettings clientSettings("admin")} can set.
     *
     * @param user letters, digits, '.', '_' and '-'
     * @throws IllegalStateException if the stack is not secured
     */
    public void addUser(String user, String password) {
        new Access(known(), bootstrapServers()).addUser(user, password);
    }

    /**
     * Kritik's configuration keys ({@code kafka.*}) for this user of a secured stack. The password is named as a file of
     * {@link #data()}, {@code ${dir:...}}, and so may be written down. The user {@code admin} is there from the start and
     * may do anything; {@code registry} is the registry's.
     *
     * @throws IllegalStateException if the stack is not secured
     */
    public Map<String, String> clientSettings(String user) {
        return keys(bootstrapServers(), known().client(user));
    }

    /**
     * The same for a client with a certificate of its own instead of a password (mutual TLS), on another port; made where
     * it is missing. Its name for ACLs is {@code User:CN=name}.
     *
     * @throws IllegalStateException if the stack is not secured
     */
    public Map<String, String> certificateSettings(String name) {
        return keys("127.0.0.1:" + mutualPort, known().mutual(name));
    }

    /** The certificate of the authority that signed a secured broker's own: what clients have to trust, as PEM. */
    public Path authority() {
        return known().certificates().authority();
    }

    private static Map<String, String> keys(String bootstrapServers, Map<String, String> client) {
        Map<String, String> keys = new TreeMap<>();
        client.forEach((key, value) -> keys.put("kafka." + key, value));
        keys.put("kafka.bootstrap.servers", bootstrapServers);
        return keys;
    }

    /** The process id of the broker; of the last one if it doesn't run. */
    public long brokerPid() {
        return broker.pid();
    }

    /** The process id of the registry; of the last one if it doesn't run. */
    public long registryPid() {
        return registry.pid();
    }

    /** Whether the broker's process runs. */
    public boolean isBrokerAlive() {
        return broker.isAlive();
    }

    /** Whether the registry's process runs. */
    public boolean isRegistryAlive() {
        return registry.isAlive();
    }

    /** Ends the broker as kill -9 does. */
    public void killBroker() {
        broker.kill();
    }

    /**
     * Starts the broker again on its port and data, and returns when it answers. Does nothing while it runs. After a kill
     * this takes about ten seconds more than a first start: the controller waits until the old session has run out.
     */
    public void startBroker() {
        if (!broker.isAlive()) {
            launchBroker();
            awaitBroker();
        }
    }

    /** Ends the registry as kill -9 does. */
    public void killRegistry() {
        registry.kill();
    }

    /** Starts the registry again on its port, and returns when it answers. The broker must run. */
    public void startRegistry() {
        if (!registry.isAlive()) {
            launchRegistry();
            awaitRegistry();
        }
    }

    /**
     * Stops the registry, then the broker; within about 40 s at worst. A temporary stack is killed and deleted. May be
     * called again, and from any thread.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Stream.of(Optional.ofNullable(registry), Optional.ofNullable(broker))
                .flatMap(Optional::stream)
                .forEach(options.durable() ? Running::close : Running::kill);
        elsewhere.ifPresent(StackRunner.Programs::close);
        lock.close();
        if (!options.durable()) {
            deleteData();
            forgetCleanup();
        }
    }

    private void forgetCleanup() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // The JVM is ending: this may be that very hook.
        }
    }

    /** Users are kept by the broker, so that this is needed at the first start; later ones change nothing. */
    private void letRegistryIn() {
        Security known = known();
        Access access = new Access(known, bootstrapServers());
        access.addUser(Security.REGISTRY, known.secrets().read(Security.REGISTRY));
        access.allowRegistry();
    }

    private Security known() {
        return security.orElseThrow(() ->
                new IllegalStateException("this stack has no users: it was started without Options.withSecurity()"));
    }

    private void launchBroker() {
        Map<String, String> above = new TreeMap<>();
        security.ifPresent(known -> above.putAll(known.broker(brokerPort, mutualPort, controllerPort)));
        above.putAll(options.brokerProperties());
        Map<String, String> settings = BrokerSettings.of(data().resolve("kafka"), brokerPort, controllerPort, above);
        if (elsewhere.isPresent()) {
            broker = elsewhere.get().startBroker(brokerPort, settings);
            return;
        }
        Properties properties = new Properties();
        properties.putAll(settings);
        Path file = data().resolve("server.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, "Written at each start of the local stack; changes here are lost.");
        } catch (IOException e) {
            throw new StackException("The broker's settings can't be written to " + file + ": " + e.getMessage(), e);
        }
        List<String> main = new ArrayList<>(List.of(BrokerMain.class.getName(), file.toString()));
        security.ifPresent(
                known -> main.add(known.secrets().file(Security.ADMIN).toString()));
        broker = Child.start(
                "Kafka broker", Jvm.broker(distribution, options.durable(), security), main, brokerLog(), data());
    }

    private void launchRegistry() {
        if (elsewhere.isPresent()) {
            registry = elsewhere.get().startRegistry(registryPort, healthPort);
            return;
        }
        registry = Child.start(
                "schema registry",
                Jvm.registry(distribution, bootstrapServers(), registryPort, healthPort, data(), security),
                List.of(Jvm.REGISTRY_MAIN),
                registryLog(),
                data());
    }

    private void awaitBroker() {
        SocketFactory sockets = security.map(
                        known -> (SocketFactory) known.certificates().trust().getSocketFactory())
                .orElseGet(SocketFactory::getDefault);
        broker.awaitReady(() -> Probe.kafka(brokerPort, sockets), options.startTimeout());
    }

    private void awaitRegistry() {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            URI health = URI.create("http://127.0.0.1:" + healthPort + "/health/ready");
            URI subjects = URI.create(registryUrl() + "/subjects");
            registry.awaitReady(
                    () -> Probe.http(client, health) && Probe.http(client, subjects), options.startTimeout());
        }
    }

    private void abandon(RuntimeException reason) {
        try {
            close();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private void deleteData() {
        try (Stream<Path> all = Files.walk(data())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new StackException("The temporary folder " + data() + " can't be deleted: " + e.getMessage(), e);
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
