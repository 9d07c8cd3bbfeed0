/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import org.testcontainers.containers.GenericContainer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.kritik.local.Running;
import dev.kritik.local.StackException;

/**
 * A container that is killed and started as a process is: it keeps its file system, its ports and its name in between, which
 * Testcontainers' own stop does not.
 */
final class RunningContainer implements Running {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int STOP_S = 40;
    private static final int TAIL_CHARACTERS = 4_000;

    private final String name;
    private final GenericContainer<?> container;
    private final DockerClient docker;
    private long pid;

    /** Of a container that Testcontainers has started. */
    RunningContainer(String name, GenericContainer<?> container) {
        this.name = name;
        this.container = container;
        this.docker = container.getDockerClient();
        this.pid = state().getPidLong();
    }

    /** The same container once more, with the data that it has. */
    RunningContainer startAgain() {
        docker.startContainerCmd(container.getContainerId()).exec();
        return new RunningContainer(name, container);
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public boolean isAlive() {
        return Boolean.TRUE.equals(state().getRunning());
    }

    @Override
    public void awaitReady(BooleanSupplier ready, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!ready.getAsBoolean()) {
            if (!isAlive()) {
                throw new StackException("The container of the " + name + " ended with code "
                        + state().getExitCodeLong() + " instead of starting. " + logTail());
            }
            if (System.nanoTime() > deadline) {
                throw new StackException(
                        "The " + name + " was not ready within " + timeout.toMillis() + " ms. " + logTail());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    public void kill() {
        if (isAlive()) {
            docker.killContainerCmd(container.getContainerId()).exec();
            docker.waitContainerCmd(container.getContainerId())
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode(STOP_S, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        docker.stopContainerCmd(container.getContainerId()).withTimeout(STOP_S).exec();
    }

    private InspectContainerResponse.ContainerState state() {
        return docker.inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    private String logTail() {
        String log = container.getLogs();
        return "The end of its log:\n" + log.substring(Math.max(0, log.length() - TAIL_CHARACTERS));
    }
}
