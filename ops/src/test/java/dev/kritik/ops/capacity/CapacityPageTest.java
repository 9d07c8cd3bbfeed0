/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.kritik.ops.cli.Cli;

/** docs/capacity.md shows what the command prints; and the command's other ways in. */
class CapacityPageTest {

    private static final Pattern BLOCK =
            Pattern.compile("<!-- generated -->\n```\n\\$ kritik (capacity [^\n]*)\n(.*?)\n```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void thePageShowsWhatTheCommandPrints() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("kritik.root"), "docs", "capacity.md"));
        Matcher blocks = BLOCK.matcher(page);
        int found = 0;
        while (blocks.find()) {
            found++;
            Cli cli = Cli.run(blocks.group(1).split(" ", -1));
            assertThat(cli.code()).as(cli.err()).isZero();
            assertThat(cli.out().strip())
                    .as(blocks.group(1))
                    .isEqualTo(blocks.group(2).strip());
        }
        assertThat(found).isEqualTo(3);
    }

    @Test
    void aProfileIsReadAndTheCommandLineIsStronger() throws IOException {
        Path properties = Files.writeString(folder.resolve("judge.properties"), "k=4\nrollouts_per_s=8\n");
        Path json = Files.writeString(folder.resolve("judge.json"), "{\"k\": 4, \"rollouts_per_s\": 8}");
        for (Path profile : new Path[] {properties, json}) {
            assertThat(Cli.run("capacity", "--profile", profile.toString(), "--json")
                            .out())
                    .contains("\"critiques_per_group\":4.0", "\"groups_per_s\":1.0", "\"bottleneck\"");
            assertThat(Cli.run("capacity", "--profile", profile.toString(), "k=2", "--json")
                            .out())
                    .contains("\"critiques_per_group\":2.0");
        }
    }

    @Test
    void saysWhatIsMissingOrUnknown() {
        assertThat(Cli.run("capacity").code()).isEqualTo(2);
        assertThat(Cli.run("capacity").err()).contains("how large is the load?");
        assertThat(Cli.run("capacity", "rollouts=1").err()).contains("'rollouts' is no quantity");
        assertThat(Cli.run("capacity", "--keys").out()).contains("judge_written_tokens_per_s_per_gpu");
    }
}
