/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records on disk while they wait for others of their group: first all are written, then they are read in any order. For
 * one thread.
 *
 * <p>Nothing stays, whatever ends the process: on Unix the file has no name from the start, so its space is free when the
 * process is gone. Elsewhere, and if the process ends between making the file and taking its name away, the next spool in
 * the folder removes it.
 */
public final class Spool implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String PREFIX = ".kritik-records-";
    private static final int BUFFER = 1 << 20;

    private final FileChannel file;
    private final DataOutputStream out;
    private long size;
    private boolean flushed = true;

    /** Makes a file in this folder. */
    public Spool(Path folder) throws IOException {
        removeLeftovers(folder);
        this.file = FileChannel.open(
                Files.createTempFile(folder, PREFIX, null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                // Another process may have taken it for a leftover just now.
                StandardOpenOption.CREATE,
                StandardOpenOption.DELETE_ON_CLOSE);
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER));
    }

    /** A file that is in use has no name any more, or (on Windows) stays usable without one. */
    private static void removeLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path leftover : leftovers) {
                try {
                    Files.deleteIfExists(leftover);
                } catch (IOException e) {
                    LOG.atDebug().addKeyValue("file", leftover).setCause(e).log("A file of waiting records stays");
                }
            }
        }
    }

    /** Keeps a record; returns where. */
    public long append(byte[] record) throws IOException {
        long at = size;
        out.writeInt(record.length);
        out.write(record);
        size += Integer.BYTES + record.length;
        flushed = false;
        return at;
    }

    /** The record that was kept there. */
    public byte[] read(long at) throws IOException {
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
