/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.kritik.local.LocalStack;

/** Starts the processes of a local installation again when they die, on a thread of its own, until it is closed. */
public final class Supervision implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(500);

    private final Supervisor supervisor;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("local-supervisor").daemon().unstarted(this::run);

    private Supervision(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /**
     * Watches the broker, the registry, and all roles that have been started.
     *
     * @param say is told of deaths and starts
     */
    public static Supervision of(LocalCluster cluster, Consumer<String> say) {
        Supervisor supervisor = new Supervisor(say, System::nanoTime);
        LocalStack stack = cluster.stack();
        supervisor.watch(
                "broker",
                stack::isBrokerAlive,
                stack::startBroker,
                stack.brokerLog().toString());
        supervisor.watch(
                "registry",
                stack::isRegistryAlive,
                stack::startRegistry,
                stack.registryLog().toString());
        cluster.roles()
                .forEach(role -> supervisor.watch(
                        role.name(), role::isAlive, role::start, role.log().toString()));
        return start(supervisor);
    }

    static Supervision start(Supervisor supervisor) {
        Supervision supervision = new Supervision(supervisor);
        supervision.thread.start();
        return supervision;
    }

    private void run() {
        try {
            while (!ending.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                supervisor.tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets them die from now on: when it returns nothing is started any more. A start that is waited for is given up. */
    @Override
    public void close() {
        ending.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
