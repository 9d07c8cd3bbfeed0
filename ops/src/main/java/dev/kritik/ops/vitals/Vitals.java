/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at processes at even distances in time, keeps what it sees in memory, and writes it to a file, one JSON object a
 * line. May be used from any thread.
 */
public final class Vitals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Vitals.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A process to look at.
     *
     * @param name what it is called in the samples
     * @param pid its process id now; asked at each look, for it may have been started again
     * @param state folder whose size is looked at; empty for none
     */
    public record Watched(String name, LongSupplier pid, Optional<Path> state) {}

    private final List<Watched> watched;
    private final BufferedWriter out;
    private final List<Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("vitals-", 0).factory());

    private Vitals(List<Watched> watched, BufferedWriter out) {
        this.watched = List.copyOf(watched);
        this.out = out;
    }

    /** Whether processes can be looked at on this system: on Linux. */
    public static boolean possible() {
        return Processes.known();
    }

    /**
     * Begins to look.
     *
     * @param file is written anew
     * @throws IOException if the file can't be written
     */
    public static Vitals start(List<Watched> watched, Duration every, Path file) throws IOException {
        Vitals vitals = new Vitals(watched, Files.newBufferedWriter(file));
        var unused = vitals.clock.scheduleAtFixedRate(vitals::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return vitals;
    }

    private void look() {
        try {
            long now = System.currentTimeMillis();
            for (Watched process : watched) {
                Optional<Sample> sample =
                        Processes.look(process.name(), process.pid().getAsLong(), process.state(), now);
                if (sample.isPresent()) {
                    keep(sample.get());
                }
            }
        } catch (IOException | RuntimeException e) { // the next look may succeed
            LOG.atWarn().setCause(e).log("processes could not be looked at");
        }
    }

    /**
     * From now on tells the processes, which must be of Java, to collect their garbage: without that a heap fills up over an
     * hour, up to its bound, and looks as if it leaked. A process that does not listen just now, for it is stopped, is passed
     * over.
     */
    public void collectGarbage(Duration every) {
        var unused = clock.scheduleWithFixedDelay(this::collect, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void collect() {
        try {
            watched.forEach(process -> Garbage.collect(process.pid().getAsLong()));
        } catch (RuntimeException e) { // or it would be the last time
            LOG.atWarn().setCause(e).log("garbage could not be collected");
        }
    }

    private synchronized void keep(Sample sample) throws IOException {
        samples.add(sample);
        out.write(JSON.writeValueAsString(sample));
        out.newLine();
        out.flush();
    }

    /** All samples so far, in the order of time. */
    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.atWarn().log("a look at processes did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            out.close();
        }
    }
}
