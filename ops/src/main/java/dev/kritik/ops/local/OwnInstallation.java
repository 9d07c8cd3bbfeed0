/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.local.Options;
import dev.kritik.local.StackException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.worker.judge.djl.DjlConfig;

/** An installation on this machine that one command needs: broker, registry, stream application and a worker. */
public final class OwnInstallation implements AutoCloseable {

    private static final String JUDGE_THREADS = DjlConfig.PREFIX + "threads";
    private static final String TRAIN_THREADS = "train.threads";

    private final LocalCluster cluster;
    private final Supervision supervision;

    private OwnInstallation(LocalCluster cluster, Supervision supervision) {
        this.cluster = cluster;
        this.supervision = supervision;
    }

    /**
     * The configuration with half of the cores for whoever trains, and the other half for whoever judges, where it says nothing
     * of them: more threads than cores make each other wait.
     */
    public static Map<String, String> sharingCores(Map<String, String> config) {
        String half = Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        Map<String, String> all = new TreeMap<>(config);
        all.putIfAbsent(TRAIN_THREADS, half);
        all.putIfAbsent(JUDGE_THREADS, half);
        return all;
    }

    /**
     * Starts it; returns when all of it runs. Processes that die are started again.
     *
     * @param folder for its data, which stay
     * @param config keys for the roles; the judge that comes with Kritik where it names none
     * @param err is told what happens
     * @throws CommandFailed if no judge can be had
     * @throws StackException if something does not start
     */
    public static OwnInstallation start(Path folder, Map<String, String> config, PrintWriter err) {
        Map<String, String> judging = config;
        if (Nano.isFreeIn(config)) {
            if (!Nano.isThere()) {
                throw new CommandFailed(
                        "no judge: name one with --set judge.kind=... (and so on), or give an installation"
                                + " that runs. " + Nano.NOT_HERE);
            }
            judging = Nano.judging(config, "name a model server with --set judge.openai.url=...");
            say(err, Nano.WHAT);
        }
        Map<String, String> prepared = OwnModels.prepare(judging, err);
        say(err, "starting broker, registry, stream application and worker; data in " + folder);
        LocalCluster cluster = LocalCluster.start(Options.in(folder), prepared);
        try {
            var stream = cluster.startStream();
            var worker = cluster.startWorker();
            say(
                    err,
                    "started; logs of " + stream.name() + " and " + worker.name() + " in "
                            + worker.log().getParent());
            return new OwnInstallation(cluster, Supervision.of(cluster, text -> say(err, text)));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Where broker and registry are, as configuration keys. */
    public Map<String, String> addresses() {
        Map<String, String> addresses = new TreeMap<>();
        for (String key : List.of(KafkaSettings.BOOTSTRAP_SERVERS, RegistryConfig.URL)) {
            addresses.put(key, cluster.config().get(key));
        }
        return addresses;
    }

    private static void say(PrintWriter err, String text) {
        err.println(text);
        err.flush();
    }

    @Override
    public void close() {
        supervision.close();
        cluster.close();
    }
}
