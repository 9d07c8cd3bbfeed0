/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records on disk while they wait for others of their group: first all are written, then they are read in any order. The
 * file is gone when this is closed. For one thread.
 */
final class Spool implements Closeable {

    private static final int BUFFER = 1 << 20;

    private final FileChannel file;
    private final DataOutputStream out;
    private long size;
    private boolean flushed = true;

    /** Makes a file in this folder. */
    Spool(Path folder) throws IOException {
        this.file = FileChannel.open(
                Files.createTempFile(folder, ".records", null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER));
    }

    /** Keeps a record; returns where. */
    long append(byte[] record) throws IOException {
        long at = size;
        out.writeInt(record.length);
        out.write(record);
        size += Integer.BYTES + record.length;
        flushed = false;
        return at;
    }

    /** The record that was kept there. */
    byte[] read(long at) throws IOException {
        if (!flushed) {
            out.flush();
            flushed = true;
        }
        ByteBuffer length = fill(ByteBuffer.allocate(Integer.BYTES), at);
        return fill(ByteBuffer.allocate(length.getInt(0)), at + Integer.BYTES).array();
    }

    private ByteBuffer fill(ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException("the file of waiting records is shorter than what was written to it");
            }
        }
        return buffer;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
