/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

/** What the files are. */
public enum Format {
    /** JSON Lines: one object a line. */
    jsonl,
    /** Apache Parquet, compressed by zstd. */
    parquet
}
