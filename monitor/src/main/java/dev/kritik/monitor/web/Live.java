/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.monitor.watch.Overview;
import dev.kritik.monitor.watch.Watch;

/**
 * Live updates (server-sent events): the whole picture first, then each second what changed, which is a sign of life, too. A
 * page that does not take one in time gets the whole picture when it does, and is dropped if that lasts: it comes back by
 * itself. One thread for all pages.
 */
final class Live implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Live.class);

    private static final long EVERY_MS = 1_000;
    private static final int MOST_SKIPPED = 15;
    private static final String FULL = "full";
    private static final String DELTA = "delta";

    private final Watch watch;
    private final InstantSource clock;
    private final int most;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kritik-dashboard-live").daemon().factory());
    private long version;

    Live(Watch watch, InstantSource clock, int most) {
        this.watch = watch;
        this.clock = clock;
        this.most = most;
    }

    void start() {
        var unused = timer.scheduleAtFixedRate(this::tick, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Whether there is room for one more page. */
    boolean hasRoom() {
        return clients.size() < most;
    }

    int clients() {
        return clients.size();
    }

    /** Takes a page in; from now on the answer is ours. Its first event comes at once. */
    void add(Response response, Callback callback) {
        Client client = new Client(response, callback);
        clients.add(client);
        timer.execute(() -> {
            Overview picture = watch.overview(0);
            if (clients.size() == 1) {
                version = picture.version(); // nobody waits for what came before
            }
            if (client.free()) {
                client.send(event(FULL, picture));
            }
        });
    }

    private void tick() {
        try {
            watch.tick(clock.millis());
            if (clients.isEmpty()) {
                return;
            }
            Overview changes = watch.overview(version);
            version = changes.version();
            byte[] delta = event(DELTA, changes);
            byte[] full = null;
            for (Client client : clients) {
                if (!client.free()) {
                    client.skip();
                } else if (client.behind) {
                    full = full == null ? event(FULL, watch.overview(0)) : full;
                    client.send(full);
                } else {
                    client.send(delta);
                }
            }
        } catch (RuntimeException e) { // else the timer would end in silence
            LOGGER.atError().setCause(e).log("no live update this time");
        }
    }

    private static byte[] event(String name, Overview overview) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(("retry: 2000\nevent: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        event.writeBytes(Reply.bytes(overview)); // JSON has no line breaks
        event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return event.toByteArray();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        clients.forEach(Client::end);
    }

    /** One page. Fields are the timer's, except for what Jetty's callback touches. */
    private final class Client {

        private final Response response;
        private final Callback callback;
        private final AtomicBoolean writing = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();
        private boolean behind;
        private int skipped;

        Client(Response response, Callback callback) {
            this.response = response;
            this.callback = callback;
        }

        boolean free() {
            return !writing.get();
        }

        void skip() {
            behind = true;
            if (++skipped > MOST_SKIPPED) {
                fail(new IllegalStateException("the page takes no updates"));
            }
        }

        void send(byte[] event) {
            behind = false;
            skipped = 0;
            writing.set(true);
            response.write(false, ByteBuffer.wrap(event), Callback.from(() -> writing.set(false), this::fail));
        }

        private void fail(Throwable failure) {
            clients.remove(this);
            if (ended.compareAndSet(false, true)) {
                callback.failed(failure);
            }
        }

        private void end() {
            clients.remove(this);
            if (ended.compareAndSet(false, true)) {
                callback.succeeded();
            }
        }
    }
}
