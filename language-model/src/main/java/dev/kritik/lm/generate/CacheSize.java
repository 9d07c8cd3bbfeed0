/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

import dev.kritik.lm.torch.Decoder;

/** How many tokens caches may hold when nobody says. */
final class CacheSize {

    /** Part of the machine's (or container's) memory, where the model is on the CPU. */
    private static final int PART_OF_MEMORY = 4;
    /** Where it is on a GPU, whose memory can't be asked for through DJL without more native code. */
    private static final long ON_GPU = 8L << 30;

    private CacheSize() {}

    /** As the settings say; else as many as full contexts of all rows need, or as fit into the memory meant for them. */
    static long tokens(Decoder decoder, GeneratorSettings settings) {
        if (settings.cacheTokens() > 0) {
            return settings.cacheTokens();
        }
        long bytes = decoder.onCpu()
                ? ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                                .getTotalMemorySize()
                        / PART_OF_MEMORY
                : ON_GPU;
        long wanted = (long) settings.maxRows() * decoder.config().maxPositions();
        return Math.min(wanted, Math.max(1, bytes / decoder.bytesPerToken()));
    }
}
