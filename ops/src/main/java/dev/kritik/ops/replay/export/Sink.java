/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where the records of one topic go, partition after partition. What is on disk for good is told by the return values:
 * then, and only then, {@link #at} names a place from which another sink goes on with the same bytes. For one thread.
 */
interface Sink extends Closeable {

    /** Takes the next record; true if all that was taken is on disk now. */
    boolean take(Row row) throws IOException;

    /** Begins a partition. */
    void begin(int partition);

    /** Ends a partition; true if all that was taken is on disk now. */
    boolean end() throws IOException;

    /** Brings the rest to disk and gives the files their names. May be called again by another sink for the same place. */
    void finish() throws IOException;

    /** The place that has been reached, as a number that another sink understands; 0 at the beginning. */
    long at();

    /** Lets go, and removes nothing that is on disk for good. */
    @Override
    void close() throws IOException;
}
