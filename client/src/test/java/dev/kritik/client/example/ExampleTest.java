/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ExampleTest {

    @Test
    void readmeShowsTheExampleAsItIs() throws IOException {
        Path client = Path.of(System.getProperty("kritik.root"), "client");
        String readme = Files.readString(client.resolve("README.md"));
        String shown = readme.substring(readme.indexOf("<!-- ExampleTest"));
        shown = shown.substring(shown.indexOf("```java\n") + 8, shown.indexOf("\n```\n"));

        List<String> example =
                lines(Files.readString(client.resolve("src/test/java/dev/kritik/client/example/TrainElsewhere.java")));

        assertThat(example).containsSubsequence(lines(shown));
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).toList();
    }
}
