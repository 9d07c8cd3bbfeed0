/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetSocketAddress;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.trainer.run.TrainListener;

/** Where the figures of a training can be fetched while it runs. */
final class MetricsOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            description = "Serve the figures of the newest step at http://HOST:PORT/metrics, in the text format of"
                    + " Prometheus. HOST is 127.0.0.1 unless you name another; port 0 takes a free one and says which.")
    private String address;

    /** What serves; closed at the end of the training. */
    record Running(TrainListener listener, AutoCloseable server) implements AutoCloseable {
        @Override
        public void close() {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Serves what the listener hears, if it is wanted. */
    Running serve(TrainListener listener) {
        if (address == null) {
            return new Running(listener, () -> {});
        }
        InetSocketAddress where = where();
        try {
            TrainMetrics metrics = TrainMetrics.start(where, listener);
            listener.note("metrics: " + metrics.url());
            return new Running(metrics, metrics);
        } catch (IOException e) {
            throw new CommandFailed("--metrics " + address + " can't be served: " + e.getMessage(), e);
        }
    }

    private InetSocketAddress where() {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : address.substring(0, colon);
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            InetSocketAddress where = new InetSocketAddress(host, port);
            if (!where.isUnresolved()) {
                return where;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ParameterException(
                command.commandLine(), "--metrics is '" + address + "': give a port, or a host and a port, like 9464");
    }
}
