/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.local.Folders;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamApp;
import dev.kritik.stream.StreamConfig;
import dev.kritik.worker.Worker;

/** A stream application and, if wanted, a worker of a rescore, in this process. For one thread. */
public final class TwinRoles implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Path state;
    private final StreamApp stream;
    private Worker worker;
    private final AtomicBoolean ended = new AtomicBoolean();

    private TwinRoles(Path state, StreamApp stream) {
        this.state = state;
        this.stream = stream;
    }

    /**
     * Starts them; returns when they have begun to work or will at once.
     *
     * @param config of the installation
     * @param home folder under which a folder for the state is made, which is gone at the end
     * @throws dev.kritik.schema.config.ConfigError if a key is wrong
     */
    public static TwinRoles start(RescoreSpace space, Map<String, String> config, Path home, boolean withWorker)
            throws IOException {
        Files.createDirectories(home);
        // A state of an earlier run of the same name might not fit topics that were made anew: it is restored each
        // time.
        Path state = Files.createTempDirectory(home, space.name() + "-");
        Map<String, String> own = new TreeMap<>(space.config(config));
        own.put(StreamConfig.STATE_DIR, state.toString());
        space.require(KafkaSettings.from(own).topics());
        TwinRoles roles;
        try {
            roles = new TwinRoles(state, new StreamApp(own));
        } catch (RuntimeException e) {
            Folders.delete(state);
            throw e;
        }
        try {
            roles.begin(own, withWorker);
            return roles;
        } catch (RuntimeException e) {
            roles.close();
            throw e;
        }
    }

    private void begin(Map<String, String> own, boolean withWorker) {
        var unusedStream = stream.stopped().thenRun(() -> ended.set(true));
        if (withWorker) {
            worker = Worker.open(own, new SimpleMeterRegistry());
            var unusedWorker = worker.stopped().thenRun(() -> ended.set(true));
        }
        stream.start();
        if (worker != null) {
            worker.start();
        }
    }

    /** Whether one of them has ended by itself: nothing more comes then. */
    public boolean ended() {
        return ended.get();
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close(Duration.ofSeconds(2));
        }
        boolean unused = stream.close(GRACE);
        Folders.delete(state);
    }
}
