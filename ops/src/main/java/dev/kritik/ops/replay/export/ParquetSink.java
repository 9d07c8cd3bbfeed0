/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Part files: {@code rollouts-00002-00000.parquet} is the first part of partition 2. A part ends when the records in it
 * had so many bytes on their topic, or with the partition; it gets its name when it is whole. The place is the number of
 * the next part within its partition. A topic without records has one part without rows, so that its columns can be read.
 */
final class ParquetSink implements Sink {

    static final long PART_BYTES = 256L << 20;

    /** What stands in memory before it is written; a quarter of the default, for machines that do other things as well. */
    private static final long ROW_GROUP_BYTES = 32L << 20;

    private final Path folder;
    private final String name;
    private final Schema contract;
    private final long partBytes;
    private Path unfinished;
    private ParquetWriter<Row> writer;
    private int partition;
    private long number;
    private long bytes;

    /**
     * Begins, or goes on.
     *
     * @param partition that is next
     * @param at number of the part that is next
     */
    ParquetSink(Path folder, String name, Schema contract, long partBytes, int partition, long at) {
        this.folder = folder;
        this.name = name;
        this.contract = contract;
        this.partBytes = partBytes;
        this.partition = partition;
        this.number = at;
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final Schema contract;

        Builder(Path file, Schema contract) {
            super(new LocalOutputFile(file));
            this.contract = contract;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract; nobody calls it
        protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
            throw new UnsupportedOperationException("there is no Hadoop here");
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
            return new ParquetRows(contract);
        }
    }

    @Override
    public void begin(int next) {
        if (next != partition) {
            partition = next;
            number = 0;
        }
    }

    @Override
    public boolean take(Row row) throws IOException {
        if (writer == null) {
            open();
        }
        writer.write(row);
        bytes += row.bytes();
        return bytes >= partBytes && end();
    }

    private void open() throws IOException {
        unfinished = folder.resolve(part() + ".unfinished");
        // All that shapes the file is said here: defaults may change.
        writer = new Builder(unfinished, contract)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodec())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriterVersion(WriterVersion.PARQUET_1_0) // what every reader reads
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withPageSize(1 << 20)
                .withDictionaryEncoding(true)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .build();
        bytes = 0;
    }

    private String part() {
        return String.format(Locale.ROOT, "%s-%05d-%05d.parquet", name, partition, number);
    }

    @Override
    public boolean end() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(
                    unfinished,
                    folder.resolve(part()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            number++;
        }
        return true;
    }

    @Override
    public void finish() throws IOException {
        end();
        if (Parts.of(folder, name, ".parquet").isEmpty()) {
            partition = 0;
            number = 0;
            open();
            end();
        }
    }

    @Override
    public long at() {
        return number;
    }

    /** A part that is not whole is made anew: nothing of it is kept. */
    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
            Files.deleteIfExists(unfinished);
        }
    }
}
