/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies in a safetensors file. Its bytes are read by the engine, which maps the file.
 *
 * @param name Hugging Face's name of it
 * @param file the file
 * @param type how its elements are stored
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param offset first byte, counted from the start of the file
 * @param length bytes
 */
public record TensorInfo(String name, Path file, StoredType type, List<Long> shape, long offset, long length) {

    public TensorInfo {
        shape = List.copyOf(shape);
    }
}
