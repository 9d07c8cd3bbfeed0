/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.nio.file.Path;

/** Training data that can't be used. The message names the file, the line where there is one, and what is wrong. */
public final class DataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    DataException(Path file, long line, String problem, Throwable cause) {
        super(file + ", line " + line + ": " + problem, cause);
    }
}
