/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.local.StackException;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.ops.topics.Finding;

/**
 * A whole installation on this machine: the {@link LocalStack}, topics and schemas, and as many processes of each role as
 * are started. Not thread-safe.
 */
public final class LocalCluster implements AutoCloseable {

    private static final int ROLLOUT_PARTITIONS = 4;
    private static final int COPIES = 3;

    private final LocalStack stack;
    private final Map<String, String> config;
    private final List<RoleProcess> roles = new ArrayList<>();
    private final boolean durable;
    private final boolean secured;
    private final Thread cleanup = new Thread(this::close, "local-cluster-cleanup");
    private boolean closed;

    private LocalCluster(LocalStack stack, Options options, Map<String, String> settings) {
        this.stack = stack;
        this.durable = options.durable();
        this.secured = options.secured();
        Map<String, String> all = new TreeMap<>();
        all.put("topics.partitions", Integer.toString(ROLLOUT_PARTITIONS)); // few cores share the work here
        String copies = Integer.toString(Math.min(COPIES, options.brokers()));
        all.put("topics.replication", copies);
        all.put("stream.replication", copies);
        if (options.brokers() >= COPIES) {
            all.put("topics.min.insync", Integer.toString(COPIES - 1)); // one broker may be lost at any time
        }
        // A laptop is closed sooner than a server; what isn't done is handed out again at the next start.
        all.put("worker.shutdown.grace.ms", "2000");
        all.putAll(settings);
        all.putAll(secured ? LocalUsers.keys() : Map.of());
        all.put("kafka.bootstrap.servers", stack.bootstrapServers());
        all.put("registry.url", stack.registryUrl());
        this.config = Map.copyOf(all);
    }

    /**
     * Starts broker and registry, and makes topics, group settings and schemas; no role yet. On a secured stack each role gets
     * a user of its own, with no more rights than it needs.
     *
     * @param options for the stack
     * @param settings configuration keys for the roles and the bootstrap; stronger than our own, except for addresses
     * @throws StackException if something does not start or can't be made; nothing is left running
     */
    public static LocalCluster start(Options options, Map<String, String> settings) {
        AtomicReference<LocalCluster> starting = new AtomicReference<>();
        try {
            var unused = LocalStack.start(options, stack -> {
                starting.set(new LocalCluster(stack, options, settings));
                if (!options.durable()) {
                    // For Ctrl-C, while it starts too: nobody else knows the folder.
                    Runtime.getRuntime().addShutdownHook(starting.get().cleanup);
                }
            });
        } catch (RuntimeException e) {
            Optional.ofNullable(starting.get()).ifPresent(LocalCluster::close);
            throw e;
        }
        LocalCluster cluster = starting.get();
        try {
            if (cluster.secured) {
                LocalUsers.make(cluster.stack);
            }
            RoleProcess.write(cluster.configFile(), cluster.config());
            cluster.bootstrap();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Like {@link #start} with one broker, on free ports with a new folder that is deleted at the end. */
    public static LocalCluster temporary(Map<String, String> settings) {
        return start(Options.temporary(), settings);
    }

    private void bootstrap() {
        String bad = Bootstrap.run(as(LocalUsers.ADMIN, config), Bootstrap.Mode.CREATE).stream()
                .filter(finding -> !finding.state().good())
                // Old data keep the shape they were made with; the flow runs on any.
                .filter(finding -> finding.state() != Finding.State.DIFFERS)
                .map(finding -> finding.thing() + ": " + finding.detail())
                .collect(Collectors.joining("\n  "));
        if (!bad.isEmpty()) {
            throw new StackException("The local installation can't be set up:\n  " + bad);
        }
    }

    /** Brokers and registry, for faults and addresses. */
    public LocalStack stack() {
        return stack;
    }

    /**
     * The configuration for clients: addresses and what was given at the start; on a secured stack for a user who may run every
     * command, and none of the roles.
     */
    public Map<String, String> config() {
        return as(LocalUsers.CLIENT, config);
    }

    /** The same as another user, where there are any. */
    private Map<String, String> as(String user, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(secured ? stack.clientSettings(user) : Map.of());
        return Map.copyOf(all);
    }

    /** A file with {@link #config()}, for {@code --config}. */
    public Path configFile() {
        return stack.data().resolve("kritik.properties");
    }

    /** Starts one more stream-app; returns when it says that it has started. */
    public RoleProcess startStream() {
        return startStream(Map.of());
    }

    /** The same with configuration keys over those of the cluster. */
    public RoleProcess startStream(Map<String, String> settings) {
        return startStream(Launch.with(settings));
    }

    /** The same, started in this way: in a zone ({@code kafka.bootstrap.servers}), with another clock, as another build. */
    public RoleProcess startStream(Launch launch) {
        String name = nextName("stream");
        return start(
                "stream",
                name,
                launch,
                Map.of("stream.state.dir", folder().resolve(name + "-state").toString(), "stream.instance.id", name));
    }

    /** Starts one more worker; returns when it says that it has started. */
    public RoleProcess startWorker() {
        return startWorker(Map.of());
    }

    /** The same with configuration keys over those of the cluster. */
    public RoleProcess startWorker(Map<String, String> settings) {
        return startWorker(Launch.with(settings));
    }

    /** The same, started in this way. */
    public RoleProcess startWorker(Launch launch) {
        String name = nextName("worker");
        return start("worker", name, launch, Map.of("worker.name", name));
    }

    /** Starts one more gateway; returns when it says that it has started. */
    public RoleProcess startGateway(Map<String, String> settings) {
        return startGateway(Launch.with(settings));
    }

    /** The same, started in this way. */
    public RoleProcess startGateway(Launch launch) {
        return start("gateway", nextName("gateway"), launch, Map.of());
    }

    /** Starts the lag exporter; returns when it says that it has started. */
    public RoleProcess startExporter(Map<String, String> settings) {
        return start("exporter", nextName("exporter"), Launch.with(settings), Map.of());
    }

    /** Starts a dashboard; returns when it says that it has started. */
    public RoleProcess startDashboard(Map<String, String> settings) {
        return start("dashboard", nextName("dashboard"), Launch.with(settings), Map.of());
    }

    private RoleProcess start(String role, String name, Launch launch, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(config);
        all.putAll(own);
        RoleProcess process = RoleProcess.launch(role, name, folder(), as(LocalUsers.of(role), all), launch);
        roles.add(process);
        process.awaitStarted();
        return process;
    }

    private String nextName(String role) {
        long running = roles.stream()
                .filter(process -> process.name().startsWith(role))
                .count();
        return role + "-" + (running + 1);
    }

    private Path folder() {
        return stack.data().resolve("roles");
    }

    /** All role processes that were started, in this order, dead ones too. */
    public List<RoleProcess> roles() {
        return List.copyOf(roles);
    }

    /**
     * Stops dashboards, exporters and gateways, then workers, then stream-apps, then the registry, then the brokers; each within about 20 s at worst. One with a
     * folder to be deleted is killed instead. May be called again, and from any thread.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (durable) {
            closeAll("dashboard");
            closeAll("exporter");
            closeAll("gateway");
            closeAll("worker");
            closeAll("stream");
        } else {
            roles.forEach(RoleProcess::kill);
        }
        stack.close();
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // The JVM is ending: this may be that very hook.
        }
    }

    private void closeAll(String role) {
        List<RoleProcess> these = roles.stream()
                .filter(process -> process.name().startsWith(role))
                .toList();
        these.forEach(RoleProcess::requestStop);
        these.forEach(RoleProcess::close);
    }
}
