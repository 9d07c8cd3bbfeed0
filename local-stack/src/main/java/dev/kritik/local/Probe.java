/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.net.SocketFactory;

/** Asks whether a server answers in its own protocol: an open port alone says too little. */
final class Probe {

    private static final int TIMEOUT_MS = 2_000;
    private static final short METADATA = 3;
    private static final short API_VERSIONS = 18;
    private static final int CORRELATION = 4711;

    private Probe() {}

    /**
     * Whether a Kafka broker answers an ApiVersions request (version 0) without an error. Written by hand, because
     * this module leaves the choice of Kafka's clients to those who use it. A broker answers this one before anyone has said
     * who they are.
     *
     * @param sockets plain ones, or such for TLS
     */
    static boolean kafka(int port, SocketFactory sockets) {
        try (Socket socket = sockets.createSocket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 + 2 + 4 + 2); // size: api key, version, correlation id, length of the client id
            out.writeShort(API_VERSIONS);
            out.writeShort(0);
            out.writeInt(CORRELATION);
            out.writeShort(-1); // no client id
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            return in.readInt() == CORRELATION && in.readShort() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether a broker without authentication names these brokers in its Metadata response (version 1): all have come in, and
     * are not fenced.
     */
    static boolean knows(int port, Set<Integer> ids) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 + 2 + 4 + 2 + 4);
            out.writeShort(METADATA);
            out.writeShort(1);
            out.writeInt(CORRELATION);
            out.writeShort(-1); // no client id
            out.writeInt(0); // no topics
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            if (in.readInt() != CORRELATION) {
                return false;
            }
            Set<Integer> known = new HashSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                known.add(in.readInt());
                in.readUTF(); // the host: as Kafka's strings, two bytes of length
                in.readInt(); // the port
                in.skipNBytes(Math.max(0, in.readShort())); // the rack, or -1 for none
            }
            return known.containsAll(ids);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a GET is answered with 200. */
    static boolean http(HttpClient client, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(TIMEOUT_MS))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
