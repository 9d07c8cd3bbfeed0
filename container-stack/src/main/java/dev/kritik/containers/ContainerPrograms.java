/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.kritik.local.Running;
import dev.kritik.local.StackRunner;

/** The broker and the registry of one stack in containers, which meet on a network of their own. Not thread-safe. */
final class ContainerPrograms implements StackRunner.Programs {

    /** As the local stack gives its programs; Testcontainers' minute is short where others fill the cores. */
    private static final Duration START = Duration.ofMinutes(3);

    /** Where the registry finds the broker. */
    private static final String INTERNAL = "kafka:19092";

    private static final int KAFKA = 9092;
    private static final int REGISTRY = 8080;
    private static final int HEALTH = 9000;

    /** Server properties that say where a process of this machine listens and keeps its data: the container has its own. */
    private static final Set<String> PLACES = Set.of(
            "process.roles",
            "node.id",
            "log.dirs",
            "controller.quorum.voters",
            "listeners",
            "advertised.listeners",
            "controller.listener.names",
            "inter.broker.listener.name");

    private final Network network = Network.newNetwork();
    private final List<GenericContainer<?>> containers = new ArrayList<>();
    private RunningContainer broker;
    private RunningContainer registry;

    @Override
    public Running startBroker(int port, Map<String, String> settings) {
        if (broker != null) {
            broker = broker.startAgain();
            return broker;
        }
        KafkaContainer container = new KafkaContainer(Images.kafka())
                .withNetwork(network)
                .withListener(INTERNAL)
                .withEnv(environment(settings))
                .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m")
                .withCreateContainerCmdModifier(published(Map.of(KAFKA, port)));
        broker = start("broker", container);
        return broker;
    }

    @Override
    public Running startRegistry(int port, int healthPort) {
        if (registry != null) {
            registry = registry.startAgain();
            return registry;
        }
        GenericContainer<?> container = new GenericContainer<>(Images.registry())
                .withNetwork(network)
                .withExposedPorts(REGISTRY, HEALTH)
                // In memory, the default, would forget all ids at a kill.
                .withEnv("APICURIO_STORAGE_KIND", "kafkasql")
                .withEnv("APICURIO_KAFKASQL_BOOTSTRAP_SERVERS", INTERNAL)
                // At the start it waits this long three times for records that aren't there; 5 s by default.
                .withEnv("APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT", "100")
                .withEnv("APICURIO_KAFKASQL_SNAPSHOT_SCHEDULED_ENABLED", "false")
                .withCreateContainerCmdModifier(published(Map.of(REGISTRY, port, HEALTH, healthPort)));
        registry = start("registry", container);
        return registry;
    }

    @Override
    public void close() {
        containers.reversed().forEach(GenericContainer::stop); // removes it, too
        network.close();
    }

    private RunningContainer start(String name, GenericContainer<?> container) {
        containers.add(container);
        container.withStartupTimeout(START).start();
        return new RunningContainer(name, container);
    }

    /** Fixed ports on 127.0.0.1, which a container keeps when it is started again; Testcontainers would draw them. */
    private static Consumer<CreateContainerCmd> published(Map<Integer, Integer> hostPorts) {
        PortBinding[] bindings = hostPorts.entrySet().stream()
                .map(entry -> new PortBinding(
                        Binding.bindIpAndPort("127.0.0.1", entry.getValue()), ExposedPort.tcp(entry.getKey())))
                .toArray(PortBinding[]::new);
        return command -> command.getHostConfig().withPortBindings(bindings);
    }

    /** Server properties as Kafka's image wants them: log.dirs is KAFKA_LOG_DIRS. */
    private static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach((key, value) -> {
            if (!PLACES.contains(key)) {
                String name = key.replace("_", "__").replace("-", "___").replace(".", "_");
                environment.put("KAFKA_" + name.toUpperCase(Locale.ROOT), value);
            }
        });
        return environment;
    }
}
