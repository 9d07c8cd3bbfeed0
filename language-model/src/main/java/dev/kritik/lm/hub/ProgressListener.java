/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

/** Hears how a download goes on. Called from one thread at a time, not always the same; be quick, and don't throw. */
@FunctionalInterface
public interface ProgressListener {

    /** Hears nothing. */
    ProgressListener NONE = (file, done, total) -> {};

    /**
     * Some more bytes are on disk. Called when a file begins, after about each MiB, and when it is whole.
     *
     * @param file name in the model's repository
     * @param done bytes on disk, those of an earlier, broken off download too; falls back where a server can't go on from
     *     there
     * @param total bytes of the file; -1: unknown
     */
    void progress(String file, long done, long total);
}
