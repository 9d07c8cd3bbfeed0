/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.checkpoint.TensorInfo;

/**
 * Hands tensors of files to a module. Files are mapped by libtorch: any size, nothing read twice, and types that DJL's
 * arrays don't know (bfloat16) stay inside TorchScript.
 */
final class MappedFiles {

    private final ScriptModule module;
    private final Map<Mapped, Long> files = new HashMap<>();

    /** For one loading: modules let go of their files at its end. */
    MappedFiles(ScriptModule module) {
        this.module = module;
    }

    /**
     * Calls the module's {@code add} for a tensor, with more arguments behind those that say where it lies.
     *
     * @throws CheckpointException when it can't be mapped
     */
    void add(TensorInfo tensor, Object... more) {
        int size = tensor.type().bytes();
        if (tensor.offset() % size != 0) {
            throw new CheckpointException(tensor.file() + ": tensor " + tensor.name() + " begins at byte "
                    + tensor.offset() + ", which is no multiple of its " + size
                    + " bytes an element; save the checkpoint again");
        }
        long file = files.computeIfAbsent(
                new Mapped(tensor.file(), tensor.type()),
                mapped -> module.runLong(
                        "open_file",
                        mapped.file().toString(),
                        size(mapped.file()) / size,
                        Decoder.number(mapped.type())));
        Object[] arguments = new Object[4 + more.length];
        arguments[0] = file;
        arguments[1] = tensor.offset() / size;
        arguments[2] = tensor.length() / size;
        arguments[3] = tensor.shape();
        System.arraycopy(more, 0, arguments, 4, more.length);
        module.run("add", arguments);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file, mapped as elements of one type. */
    private record Mapped(Path file, StoredType type) {}
}
