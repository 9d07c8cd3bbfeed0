/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

/**
 * Where and how a model is computed.
 *
 * @param device {@code cpu} or {@code cuda:N}
 * @param precision element type of weights and caches
 * @param threads threads of the process that compute on the CPU, at least 1; more than there are free cores slows things
 *     down badly. One setting for the whole process: the first model that is opened decides.
 */
public record EngineSettings(String device, Precision precision, int threads) {

    /** Element types to compute with. */
    public enum Precision {
        /** What the checkpoint's embedding is stored in; float32 on a CPU. */
        AUTO,
        FLOAT32,
        BFLOAT16,
        FLOAT16
    }

    public EngineSettings {
        if (!device.matches("cpu|cuda:[0-9]{1,3}")) {
            throw new IllegalArgumentException("device is '" + device + "': give cpu, or cuda:0, cuda:1, ...");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": at least 1");
        }
    }

    /** On the CPU, with all its cores. */
    public static EngineSettings cpu() {
        return new EngineSettings("cpu", Precision.AUTO, Runtime.getRuntime().availableProcessors());
    }
}
