/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on the loopback address. Free ones are drawn from a range below the one from which systems take the ports of
 * outgoing connections (32768 up on Linux, 49152 up elsewhere): otherwise a client that waits for a killed broker could
 * take the broker's own port, or even connect to itself.
 */
public final class Ports {

    static final InetAddress LOOPBACK = loopback();

    private static final int LOW = 20_000;
    private static final int HIGH = 32_000;
    private static final int TRIES = 200;

    /** Drawn and perhaps not bound yet; a stack of several brokers draws dozens. */
    private static final Set<Integer> DRAWN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    static int requireValid(String what, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(what + " " + port + " is not in 0..65535 (0 = a free one)");
        }
        return port;
    }

    /**
     * A free port; none is drawn twice in this process.
     *
     * @param what needs it, for the error
     * @throws StackException if none is found
     */
    public static int free(String what) {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOW, HIGH);
            if (isFree(port) && DRAWN.add(port)) {
                return port;
            }
        }
        throw new StackException(what + ": no free port found on 127.0.0.1 in " + LOW + ".." + HIGH);
    }

    /** The wanted port if it is free, or a free one where 0 is wanted. */
    static int choose(String what, int wanted) {
        if (wanted != 0) {
            if (!isFree(wanted)) {
                throw new StackException(what + ": port " + wanted + " on 127.0.0.1 is taken by another process."
                        + " Stop that one, name another port, or 0 for a free one.");
            }
            return wanted;
        }
        return free(what);
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the broker binds: connections in TIME_WAIT don't count
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
