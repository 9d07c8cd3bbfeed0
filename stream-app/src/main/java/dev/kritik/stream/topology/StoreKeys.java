/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.utils.Bytes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.kritik.stream.core.GroupId;

/**
 * Keys of the stores: the key of the group in UTF-8, a zero byte, the attempt in 4 bytes; then what tells the entries of a
 * group apart. Ids hold no control characters, so no group's key is the beginning of another's. Numbers are big-endian:
 * keys sort as their numbers do.
 */
final class StoreKeys {

    private static final int QUERY = -1;
    private static final int TRACE = -2;

    private StoreKeys() {}

    /** What the task has learned of the judges: below the keys of all groups, none of which begins with a zero byte. */
    static Bytes experience() {
        return Bytes.wrap(new byte[] {0});
    }

    static byte[] group(GroupId id) {
        return group(id, 0).array();
    }

    static Bytes member(GroupId id, int index) {
        return Bytes.wrap(group(id, Integer.BYTES).putInt(index).array());
    }

    static Bytes query(GroupId id) {
        return member(id, QUERY);
    }

    static Bytes trace(GroupId id) {
        return member(id, TRACE);
    }

    static Bytes sample(GroupId id, int sample, int panel) {
        return Bytes.wrap(
                group(id, 2 * Integer.BYTES).putInt(sample).putInt(panel).array());
    }

    /** The group of which {@link #group} made these bytes, which begin at an offset. */
    static GroupId parse(byte[] bytes, int offset) {
        int attempt = ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES);
        String key = new String(bytes, offset, bytes.length - offset - 1 - Integer.BYTES, StandardCharsets.UTF_8);
        int slash = key.indexOf('/');
        return new GroupId(key.substring(0, slash), key.substring(slash + 1), attempt);
    }

    private static ByteBuffer group(GroupId id, int more) {
        byte[] key = id.key().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(key.length + 1 + Integer.BYTES + more)
                .put(key)
                .put((byte) 0)
                .putInt(id.attempt());
    }
}
