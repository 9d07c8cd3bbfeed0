/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

import dev.kritik.lm.hub.BundledModels;
import dev.kritik.lm.hub.HubSettings;
import dev.kritik.lm.hub.ModelHub;
import dev.kritik.lm.torch.Torch;
import dev.kritik.ops.cli.CommandFailed;

/** Finds and opens checkpoints for commands, and says how that goes. */
public final class Models {

    /** The judge that comes with Kritik. */
    public static final String NANO = BundledModels.JUDGE;

    /** Its Meta RM. */
    public static final String NANO_META = BundledModels.META_RM;

    /** A small policy for the same micro-tasks. */
    public static final String NANO_POLICY = BundledModels.POLICY;

    /** The system property that says where they are. */
    public static final String HOME = BundledModels.HOME;

    private static final double MEGA = 1e6;

    private Models() {}

    /** Whether the name is one of a model that comes with Kritik, rather than a folder or one on a hub. */
    public static boolean isBundled(String name) {
        return BundledModels.isName(name);
    }

    /** Whether a model that comes with Kritik is there. */
    public static boolean isThere(String bundled) {
        return BundledModels.isThere(bundled, HubSettings.fromEnvironment(System::getenv));
    }

    /** Whether this build can compute models in process. */
    public static boolean canCompute() {
        return Torch.isInBuild();
    }

    /**
     * Finds a checkpoint, and downloads it where it is not in the cache.
     *
     * @param name a folder, org/name or org/name@revision, or a model that comes with Kritik
     * @param err where the progress goes
     * @throws CommandFailed if it can't be had
     */
    public static Path fetch(String name, PrintWriter err) {
        Download progress = new Download(err, Ansi.AUTO.enabled());
        try {
            return ModelHub.resolve(name, HubSettings.fromEnvironment(System::getenv), progress::show);
        } catch (RuntimeException e) {
            throw failed(name, e);
        } finally {
            progress.end();
        }
    }

    /**
     * Finds a checkpoint and loads it.
     *
     * @throws CommandFailed if it can't be had or used
     */
    public static <M> M open(String name, PrintWriter err, Function<Path, M> opener) {
        Path folder = fetch(name, err);
        err.println("loading " + folder);
        err.flush();
        long begin = System.nanoTime();
        try {
            M model = opener.apply(folder);
            err.printf(Locale.ROOT, "loaded in %.1f s%n", (System.nanoTime() - begin) / 1e9);
            err.flush();
            return model;
        } catch (RuntimeException e) {
            throw failed(name, e);
        }
    }

    private static CommandFailed failed(String name, RuntimeException e) {
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        return new CommandFailed("the model '" + name + "' can't be used: " + why, e);
    }

    /** How far a download is: a line that is drawn over itself on a terminal, else one every ten seconds. */
    private static final class Download {

        private static final long ON_A_TERMINAL = 200_000_000L;
        private static final long ELSEWHERE = 10_000_000_000L;

        private final PrintWriter err;
        private final boolean terminal;
        private long shownAt = System.nanoTime();
        private boolean drawn;

        Download(PrintWriter err, boolean terminal) {
            this.err = err;
            this.terminal = terminal;
        }

        synchronized void show(String file, long done, long total) {
            long now = System.nanoTime();
            if (now - shownAt < (terminal ? ON_A_TERMINAL : ELSEWHERE)) {
                return;
            }
            shownAt = now;
            String text = total < 0
                    ? String.format(Locale.ROOT, "downloading %s: %.0f MB", file, done / MEGA)
                    : String.format(Locale.ROOT, "downloading %s: %.0f of %.0f MB", file, done / MEGA, total / MEGA);
            if (terminal) {
                err.print("\r\033[K" + text);
                drawn = true;
            } else {
                err.println(text);
            }
            err.flush();
        }

        synchronized void end() {
            if (drawn) {
                err.println();
                err.flush();
            }
        }
    }
}
