/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Runs the two programs of a stack elsewhere than in JVMs of this machine: so the same tests meet a broker and a registry as
 * others package them. Found as a service where the system property {@value #PROPERTY} names it; only stacks that are
 * thrown away at their end ask.
 */
public interface StackRunner {

    /** System property with the {@link #name()} of the runner to use; not set: JVMs of this machine. */
    String PROPERTY = "kritik.stack";

    /** What the property must say. */
    String name();

    /** Runs the programs of one more stack; nothing is started yet. */
    Programs open();

    /** The programs of one stack. What is started a second time has the data of the first. */
    interface Programs extends AutoCloseable {

        /**
         * Starts the broker.
         *
         * @param port where it must answer on 127.0.0.1
         * @param settings its server properties; addresses and folders in them are those of a process of this machine
         */
        Running startBroker(int port, Map<String, String> settings);

        /**
         * Starts the registry; the broker must run.
         *
         * @param port where it must answer on 127.0.0.1
         * @param healthPort where /health/ready must answer
         */
        Running startRegistry(int port, int healthPort);

        /** Deletes everything; what runs is ended. */
        @Override
        void close();
    }

    /**
     * The programs of a new stack, if somebody else is to run them; one that is durable or secured, or has several brokers or
     * zones, runs here in any case.
     */
    static Optional<Programs> wanted(Options options) {
        String name = System.getProperty(PROPERTY, "");
        boolean plain = options.brokers() == 1
                && options.zones().isEmpty()
                && options.brokerFolders().isEmpty();
        if (name.isEmpty() || options.durable() || options.secured() || !plain) {
            return Optional.empty();
        }
        return Optional.of(ServiceLoader.load(StackRunner.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(runner -> runner.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new StackException(
                                "The system property " + PROPERTY + " says '" + name
                                        + "', and nothing on the class path runs stacks so. For containers: ./kritik test -Pcontainers"))
                .open());
    }
}
