/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

import java.util.Map;

/**
 * The memory that all RocksDB stores of a process share, outside of Java's heap. By default each store of each partition
 * would take 50 MB for its cache and up to 48 MB for its write buffers, without a common bound.
 */
public final class RocksMemory implements AutoCloseable {

    /** Under this name the memory travels to the stores among the settings of Kafka Streams. */
    public static final String SETTING = "kritik.rocksdb.memory";

    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    static {
        RocksDB.loadLibrary();
    }

    /** @param bytes for blocks, indices and filters, and write buffers together */
    public RocksMemory(long bytes) {
        this.cache = new LRUCache(bytes);
        // Write buffers are charged to the cache; half of it for them leaves room for what is read.
        this.writeBuffers = new WriteBufferManager(bytes / 2, cache);
    }

    /** Only when all stores are closed. */
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }

    /** Puts a store on the shared memory. Made by Kafka Streams, by name. */
    public static final class Setter implements RocksDBConfigSetter {

        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            var memory = (RocksMemory) configs.get(SETTING);
            var table = (BlockBasedTableConfig) options.tableFormatConfig();
            table.setBlockCache(memory.cache);
            // Else indices and filters would stand beside the cache, unbounded.
            table.setCacheIndexAndFilterBlocks(true);
            options.setTableFormatConfig(table);
            options.setWriteBufferManager(memory.writeBuffers);
        }

        @Override
        public void close(String storeName, Options options) {
            // The memory is the process's, not the store's.
        }
    }
}
