/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

/**
 * A listener of a broker, without authentication.
 *
 * @param name as the server properties call it
 * @param port where it listens on 127.0.0.1
 * @param advertised the port that others are told: that of a link to it, or the same
 */
record Listener(String name, int port, int advertised) {

    static Listener direct(String name, int port) {
        return new Listener(name, port, port);
    }

    static Listener behind(TcpProxy link, String name) {
        return new Listener(name, link.target(), link.port());
    }

    String bound() {
        return name + "://127.0.0.1:" + port;
    }

    String told() {
        return name + "://127.0.0.1:" + advertised;
    }
}
