/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Supplier;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.Watch;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.telemetry.Health;

/** The dashboard's HTTP server: Jetty, a few threads. Started once and closed once. */
public final class DashboardServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(DashboardServer.class);

    private static final int THREADS = 12;
    private static final int HEADER_BYTES = 16 << 10;
    private static final long IDLE_MS = 60_000;
    private static final int CONNECTIONS = 1_000;
    /** Live updates would never end by themselves. */
    private static final long STOP_MS = 0;

    private final WebConfig config;
    private final Server server;
    private final ServerConnector connector;
    private final Live live;

    /**
     * A server; nothing listens yet.
     *
     * @param scrape what {@code /metrics} says
     */
    public DashboardServer(
            WebConfig config, Watch watch, Bodies bodies, Health health, Supplier<String> scrape, InstantSource clock) {
        this.config = config;
        this.live = new Live(watch, clock, config.clients());
        var threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("kritik-dashboard-http");
        threads.setDaemon(true);
        this.server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(config.address().host());
        connector.setPort(config.address().port());
        connector.setIdleTimeout(IDLE_MS);
        connector.setReuseAddress(true);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        server.setStopTimeout(STOP_MS);
        server.setHandler(
                new Front(new Guard(config), new PageFiles(), new Api(watch, bodies, clock), live, health, scrape));
        server.setErrorHandler(errors());
    }

    /** For requests that Jetty refuses before we see them. */
    private static Request.Handler errors() {
        return (request, response, callback) -> {
            Front.secure(response.getHeaders());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Reply.TEXT);
            byte[] text = "this is no request for us\n".getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(text), callback);
            return true;
        };
    }

    /**
     * Begins to listen.
     *
     * @throws ConfigError if the address can't be used
     */
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigError(
                    "dashboard.http.address " + config.address() + " can't be listened at: " + cause.getMessage()
                            + "; name another port, or 0 for a free one",
                    e);
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the HTTP server can't be started", e);
        }
        live.start();
        if (config.token().isEmpty() && !loopback()) {
            LOGGER.atWarn()
                    .addKeyValue("address", config.address())
                    .log("shows rollouts and critiques beyond this machine without a token; dashboard.http.token.env"
                            + " names one");
        }
    }

    private boolean loopback() {
        try {
            return InetAddress.getByName(config.address().host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Where it listens. */
    public URI uri() {
        String host = config.address().host();
        return URI.create("http://" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":"
                + connector.getLocalPort());
    }

    /** Pages that get live updates. */
    public int clients() {
        return live.clients();
    }

    /** Ends all connections. */
    @Override
    public void close() {
        live.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOGGER.atWarn().setCause(e).log("the HTTP server did not stop in order");
        }
    }
}
