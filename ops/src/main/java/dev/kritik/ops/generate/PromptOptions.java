/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.ops.cli.CommandFailed;

/** Where the prompt stands: one of these options. */
final class PromptOptions {

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The user's turn; '-' reads it from stdin.")
    private String text;

    @Option(names = "--file", paramLabel = "FILE", description = "A file with the user's turn, in UTF-8.")
    private Path file;

    /** Whether it is empty on the command line itself. */
    boolean empty() {
        return text != null && text.isEmpty();
    }

    /**
     * The prompt.
     *
     * @param stdin read where '-' was given
     * @throws CommandFailed if it is no UTF-8, or is empty
     * @throws IOException if the file can't be read
     */
    String read(InputStream stdin) throws IOException {
        String prompt;
        if (file != null) {
            prompt = decode(Files.readAllBytes(file), "'" + file + "'");
        } else if (text.equals("-")) {
            prompt = decode(stdin.readAllBytes(), "stdin");
        } else {
            prompt = text;
        }
        if (prompt.isEmpty()) {
            throw new CommandFailed("the prompt is empty");
        }
        return prompt;
    }

    private static String decode(byte[] bytes, String where) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailed("the prompt in " + where + " is no UTF-8", e);
        }
    }
}
