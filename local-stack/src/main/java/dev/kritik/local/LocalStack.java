/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A Kafka broker (KRaft), or {@link Options#withBrokers several}, and a schema registry (Apicurio, which keeps its schemas in
 * Kafka) on this machine, each in a JVM of its own and bound to 127.0.0.1. All die with this process. For development and
 * tests: with one broker there is one copy of the data, and no authentication unless {@link Options#withSecurity() asked for}.
 *
 * <p>Methods that kill, stop, start, pause or resume: one thread at a time for each broker and for the registry. The others may
 * be called from any thread.
 */
public final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);

    private final Options options;
    private final Optional<StackRunner.Programs> elsewhere;
    private final Distribution distribution = Distribution.find();
    private final DataLock lock;
    private final Optional<Security> security;
    private final Brokers brokers;
    private final int registryPort;
    private final int healthPort;
    private final Thread cleanup = new Thread(this::close, "local-stack-cleanup");
    private volatile Optional<Running> registry = Optional.empty();
    private boolean closed;

    private LocalStack(Options options) {
        this.options = options;
        this.elsewhere = StackRunner.wanted(options);
        this.lock = DataLock.take(options.data());
        try {
            registryPort = Ports.choose("Schema registry", options.registryPort());
            healthPort = Ports.choose("Schema registry's health", 0);
            security = options.secured() ? Optional.of(Security.in(data(), options.oauth())) : Optional.empty();
            brokers = new Brokers(options, distribution, security, elsewhere);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Starts all and returns when they answer.
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
            stack.brokers.launch();
            boolean together = stack.security.isEmpty() && options.brokers() == 1;
            if (together) {
                stack.launchRegistry(); // its JVM starts while the broker does; it waits for the broker
            }
            stack.brokers.await();
            long brokerMillis = millisSince(begin);
            if (stack.security.isPresent()) {
                stack.letRegistryIn();
            }
            if (!together) {
                stack.launchRegistry(); // it makes topics at once: all brokers must be there for their copies
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

    /** How many brokers it has. In all methods they are numbered from 0. */
    public int brokers() {
        return brokers.count();
    }

    /** Where Kafka clients connect: {@code 127.0.0.1:port}, of all brokers, separated by commas. */
    public String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /**
     * Where Kafka clients in this zone connect: the links to all brokers. A client that begins there uses nothing but these
     * links.
     *
     * @throws IllegalArgumentException if there is no such zone
     */
    public String bootstrapServers(String zone) {
        return brokers.bootstrapServers(index(zone));
    }

    /**
     * The link from a zone to a broker.
     *
     * @throws IllegalArgumentException if there is no such zone
     */
    public TcpProxy link(String zone, int broker) {
        return brokers.get(broker).zoneLinks().get(index(zone));
    }

    /**
     * What brokers and controllers use to reach this one: first the link for brokers, then the one for controllers. It uses them
     * for calls to itself, too; what it calls at the others goes over theirs. So cut, it can't be followed or asked by
     * anybody, but can still ask. Empty on a stack of one broker without zones.
     */
    public List<TcpProxy> linksTo(int broker) {
        return brokers.get(broker).peerLinks();
    }

    private int index(String zone) {
        int index = options.zones().indexOf(zone);
        if (index < 0) {
            throw new IllegalArgumentException("there is no zone '" + zone + "', but " + options.zones());
        }
        return index;
    }

    /** The base URL of the registry's Confluent API, without a slash at the end. */
    public String registryUrl() {
        return "http://127.0.0.1:" + registryPort + "/apis/ccompat/v7";
    }

    /** The folder with all data and logs. */
    public Path data() {
        return options.data();
    }

    /** The log file of the first broker. */
    public Path brokerLog() {
        return brokerLog(0);
    }

    /** A broker's log file: what it writes about itself. */
    public Path brokerLog(int broker) {
        return brokers.get(broker).log();
    }

    /** A broker's log folder: where its topics are. */
    public Path brokerData(int broker) {
        return brokers.get(broker).logDir();
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
        return keys("127.0.0.1:" + brokers.mutualPort(), known().mutual(name));
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

    /** The process id of the first broker; of the last one if it doesn't run. */
    public long brokerPid() {
        return brokerPid(0);
    }

    /** The process id of a broker; of the last one if it doesn't run. */
    public long brokerPid(int broker) {
        return running(broker).pid();
    }

    /** The process id of the registry; of the last one if it doesn't run. */
    public long registryPid() {
        return registry().pid();
    }

    /** Whether the processes of all brokers run. */
    public boolean isBrokerAlive() {
        return brokers.areAlive();
    }

    /** Whether this broker's process runs. A broker ends by itself when it can't write to its log folder. */
    public boolean isBrokerAlive(int broker) {
        return brokers.get(broker).isAlive();
    }

    /** Whether the registry's process runs. */
    public boolean isRegistryAlive() {
        return registry().isAlive();
    }

    /** Ends all brokers as kill -9 does. */
    public void killBroker() {
        brokers.kill();
    }

    /** Ends this broker as kill -9 does. */
    public void killBroker(int broker) {
        running(broker).kill();
    }

    /** Stops this broker in order: others lead its partitions before it ends. By force after about 20 s. */
    public void stopBroker(int broker) {
        running(broker).close();
    }

    /**
     * Starts the brokers that don't run again, on their ports and data, and returns when all answer. After a kill
     * this takes about ten seconds more than a first start (five with several brokers): the controller waits until the old
     * session has run out.
     */
    public void startBroker() {
        if (!brokers.areAlive()) {
            brokers.launch();
            brokers.await();
        }
    }

    /**
     * Starts this broker again on its ports and data, and returns when the cluster has taken it in again; its copies may still
     * be behind. Does nothing while it runs. Most of the brokers, itself counted, must run.
     */
    public void startBroker(int broker) {
        Broker one = brokers.get(broker);
        if (!one.isAlive()) {
            brokers.launch(one);
            brokers.await(one);
        }
    }

    /**
     * Stops this broker where it stands, as kill -STOP does: its connections stay, and it answers nothing. Does nothing while it
     * is paused.
     *
     * @throws StackException if it doesn't run as a process of this machine, or this system can't do it
     */
    public void pauseBroker(int broker) {
        running(broker).pause();
    }

    /** Lets a paused broker go on; does nothing if it is not paused. */
    public void resumeBroker(int broker) {
        running(broker).resume();
    }

    /** Ends the registry as kill -9 does. */
    public void killRegistry() {
        registry().kill();
    }

    /** Stops the registry where it stands, as {@link #pauseBroker} does. */
    public void pauseRegistry() {
        registry().pause();
    }

    /** Lets a paused registry go on; does nothing if it is not paused. */
    public void resumeRegistry() {
        registry().resume();
    }

    /** Starts the registry again on its port, and returns when it answers. The brokers must run. */
    public void startRegistry() {
        if (!registry().isAlive()) {
            launchRegistry();
            awaitRegistry();
        }
    }

    private Running running(int broker) {
        return brokers.get(broker).process().orElseThrow(LocalStack::notStarted);
    }

    private Running registry() {
        return registry.orElseThrow(LocalStack::notStarted);
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("this stack was never started");
    }

    /**
     * Stops the registry, then the brokers; within about 40 s at worst. A temporary stack is killed and deleted. May be
     * called again, and from any thread.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (options.durable()) {
            registry.ifPresent(Running::close);
            brokers.stop();
        } else {
            registry.ifPresent(Running::kill);
            brokers.kill();
        }
        brokers.close();
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

    private void launchRegistry() {
        if (elsewhere.isPresent()) {
            registry = Optional.of(elsewhere.get().startRegistry(registryPort, healthPort));
            return;
        }
        registry = Optional.of(Child.start(
                "schema registry",
                Jvm.registry(distribution, bootstrapServers(), registryPort, healthPort, data(), security),
                List.of(Jvm.REGISTRY_MAIN),
                registryLog(),
                data()));
    }

    private void awaitRegistry() {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            URI health = URI.create("http://127.0.0.1:" + healthPort + "/health/ready");
            URI subjects = URI.create(registryUrl() + "/subjects");
            registry()
                    .awaitReady(
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
        try {
            options.brokerFolders().keySet().forEach(broker -> Folders.delete(brokerData(broker)));
            Folders.delete(data());
        } catch (UncheckedIOException e) {
            throw new StackException("Temporary data can't be deleted: " + e.getMessage(), e);
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
