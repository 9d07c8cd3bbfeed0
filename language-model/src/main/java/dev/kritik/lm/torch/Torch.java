/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import dev.kritik.lm.EngineException;
import dev.kritik.lm.EngineSettings;

/**
 * PyTorch in this process. Everything that is computed on one device runs on one thread: a second one on the CPU would
 * bring a team of worker threads of its own, and two teams on the same cores slow each other down many times over. Models
 * on the same device therefore take turns, step by step.
 */
public final class Torch {

    private static final Logger LOG = LoggerFactory.getLogger(Torch.class);
    private static final String NATIVES = "native/lib/pytorch.properties";
    private static final Map<String, ScheduledExecutorService> THREADS = new ConcurrentHashMap<>();

    private static Torch instance;

    private final int threads;

    private Torch(int threads) {
        this.threads = threads;
    }

    /**
     * Starts PyTorch at the first call.
     *
     * @throws EngineException when its natives are not there or don't load, or the device isn't there
     */
    public static synchronized Torch start(EngineSettings settings) {
        if (instance == null) {
            instance = load(settings.threads());
        } else if (instance.threads != settings.threads()) {
            LOG.atWarn()
                    .addKeyValue("threads", instance.threads)
                    .addKeyValue("asked", settings.threads())
                    .log("PyTorch runs already, with another number of threads; it stays so");
        }
        instance.require(settings.device());
        return instance;
    }

    /** Whether its native libraries are on the class path, or named by the environment; they may still fail to load. */
    public static boolean isInBuild() {
        return System.getenv("PYTORCH_LIBRARY_PATH") != null
                || Torch.class.getClassLoader().getResource(NATIVES) != null;
    }

    private static Torch load(int threads) {
        // Nothing is fetched, and nothing reported: what runs is what the build put on the class path.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        if (!isInBuild()) {
            throw new EngineException(
                    "PyTorch's native libraries are not in this build. Run './kritik build djl' once (or"
                            + " './kritik build djl-cuda' for NVIDIA GPUs), then try again");
        }
        long begin = System.nanoTime();
        try {
            Engine engine = Engine.getEngine("PyTorch");
            LOG.atInfo()
                    .addKeyValue("version", engine.getVersion())
                    .addKeyValue("threads", JniUtils.getNumThreads())
                    .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
                    .log("PyTorch is loaded");
            return new Torch(threads);
        } catch (ai.djl.engine.EngineException | UnsatisfiedLinkError | ExceptionInInitializerError e) {
            throw new EngineException("PyTorch can't be loaded: " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    private void require(String device) {
        if (device.startsWith("cuda")) {
            int there = Engine.getEngine("PyTorch").getGpuCount();
            int wanted = Integer.parseInt(device.substring("cuda:".length()));
            if (wanted >= there) {
                throw new EngineException("device " + device + " isn't there: PyTorch sees " + there + " GPUs"
                        + (there == 0
                                ? ". It needs an NVIDIA driver and a build with CUDA ('./kritik build djl-cuda')"
                                : ""));
            }
        }
    }

    /** The one thread that computes on a device. Tasks must end soon; what goes on for long comes back again and again. */
    public ScheduledExecutorService thread(String device) {
        return THREADS.computeIfAbsent(device, name -> {
            ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
                    1,
                    task -> Thread.ofPlatform().daemon().name("torch-" + name).unstarted(() -> {
                        JniUtils.setGradMode(false); // on for new threads
                        task.run();
                    }));
            thread.setRemoveOnCancelPolicy(true);
            return thread;
        });
    }

    /** A manager for the arrays that a model gives back; to be closed. */
    PtNDManager manager(String device) {
        Device where = device.equals("cpu") ? Device.cpu() : Device.gpu(Integer.parseInt(device.substring(5)));
        return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(where);
    }
}
