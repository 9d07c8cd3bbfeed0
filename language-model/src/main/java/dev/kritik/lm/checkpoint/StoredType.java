/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

/** Element types of weights in a checkpoint, by their names in safetensors. */
public enum StoredType {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
