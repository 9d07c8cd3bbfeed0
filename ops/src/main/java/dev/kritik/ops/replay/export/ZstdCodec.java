/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import com.github.luben.zstd.Zstd;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Zstandard at a fixed level, by the library that comes with Kafka's client: the same bytes on every machine, which the gzip
 * of a Java runtime does not promise. Parquet's own codecs need Hadoop.
 */
final class ZstdCodec implements CompressionCodecFactory {

    private static final int LEVEL = 3;

    static byte[] compress(byte[] bytes) {
        return Zstd.compress(bytes, LEVEL);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
                bytes.writeAllTo(plain);
                return BytesInput.from(ZstdCodec.compress(plain.toByteArray()));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return CompressionCodecName.ZSTD;
            }

            @Override
            public void release() {
                // Holds nothing.
            }
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        throw new UnsupportedOperationException("nothing is read here");
    }

    @Override
    public void release() {
        // Holds nothing.
    }
}
