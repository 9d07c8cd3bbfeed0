/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port on 127.0.0.1 that passes connections on to another one, until it is told to do it badly: a network that can be cut,
 * slow, or silent. Holds at most {@value #CHUNK} bytes in each direction of a connection; beyond that the sender waits. May
 * be used from any thread.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;
    private static final int BACKLOG = 200;
    private static final int CONNECT_MS = 5_000;

    private enum State {
        OPEN,
        CUT,
        HANGING
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN; // guarded by the lock
    private boolean closed; // guarded by the lock
    private volatile Duration delay = Duration.ZERO;

    private TcpProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /**
     * Listens on a free port from now on, open.
     *
     * @param target the port on 127.0.0.1 to which connections go; nobody need listen there yet
     * @throws StackException if no port can be had
     */
    public static TcpProxy to(int target) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(Ports.LOOPBACK, Ports.choose("TCP proxy", 0)), BACKLOG);
            TcpProxy proxy = new TcpProxy(server, target);
            Thread.ofVirtual().name("tcp-proxy-" + proxy.port()).start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new StackException("A TCP proxy can't listen on 127.0.0.1: " + e.getMessage(), e);
        }
    }

    /** The port on 127.0.0.1 on which it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** The port on 127.0.0.1 to which connections go. */
    public int target() {
        return target;
    }

    /** How many connections it has now, those among them that wait for its opening. */
    public int connections() {
        return links.size();
    }

    /** Passes everything on, without delay. Connections that hung go on with what was held back. */
    public void open() {
        delay = Duration.ZERO;
        become(State.OPEN);
    }

    /** Resets all connections, and each new one at once, until {@link #open}. What a hanging link held back is lost. */
    public void cut() {
        become(State.CUT);
        links.forEach(Link::reset);
    }

    /**
     * Passes nothing on, in either direction, until {@link #open}; no connection is closed, and new ones are taken. Nobody at
     * either end is told that the other one has gone meanwhile.
     */
    public void hang() {
        become(State.HANGING);
    }

    /**
     * Opens, and keeps each chunk back for so long, in both directions: one after another, so that a connection carries no more
     * than {@value #CHUNK} bytes in this time.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void delay(Duration each) {
        if (each.isNegative()) {
            throw new IllegalArgumentException("a delay of " + each + " is negative");
        }
        delay = each;
        become(State.OPEN);
    }

    /** Resets all connections and listens no more. May be called again. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closeQuietly(server);
        links.forEach(Link::reset);
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Link link = new Link(server.accept());
                links.add(link);
                Thread.ofVirtual().name("tcp-proxy-" + port()).start(link::run);
            } catch (IOException e) {
                pause(); // closed, or out of file handles for a moment: then the next one may come through
            }
        }
    }

    /** Waits while it hangs; then whether bytes may go on. */
    private boolean awaitFlow() {
        lock.lock();
        try {
            while (state == State.HANGING && !closed) {
                changed.awaitUninterruptibly();
            }
            return state == State.OPEN && !closed;
        } finally {
            lock.unlock();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Then it is of no use either.
        }
    }

    /** One connection from a client to the target. */
    private final class Link {

        private final Socket client;
        private final Socket server = new Socket();

        Link(Socket client) {
            this.client = client;
        }

        void run() {
            try {
                if (!awaitFlow()) {
                    reset();
                    return;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(Ports.LOOPBACK, target), CONNECT_MS);
                Thread back =
                        Thread.ofVirtual().name("tcp-proxy-" + port() + "-back").start(() -> pump(server, client));
                pump(client, server);
                back.join();
                end();
            } catch (IOException e) {
                reset(); // nobody listens at the target
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        /** One direction up to its orderly end, which is passed on; anything else ends both. */
        private void pump(Socket from, Socket to) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                    if (!awaitFlow()) {
                        break;
                    }
                    out.write(chunk, 0, read);
                }
                if (awaitFlow()) {
                    to.shutdownOutput();
                } else {
                    reset();
                }
            } catch (IOException e) {
                awaitFlow(); // while it hangs, nobody hears of a reset either
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        /** Without the orderly end that TCP has: both sides get an error at once. May be called again. */
        void reset() {
            abort(client);
            abort(server);
            end();
        }

        private void end() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }

        private static void abort(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already.
            }
        }
    }
}
