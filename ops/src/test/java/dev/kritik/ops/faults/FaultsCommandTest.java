/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class FaultsCommandTest {

    @TempDir
    private Path folder;

    @Test
    void listsEachKindAndWhetherItCanBeDoneHere() throws Exception {
        Cli listed = Cli.run("faults", "list", "--json");

        assertThat(listed.code()).isEqualTo(ExitCode.OK);
        List<String> lines = listed.out().lines().toList();
        assertThat(lines).hasSameSizeAs(FaultKind.values());
        JsonNode upgrade = new ObjectMapper().readTree(lines.getLast());
        assertThat(upgrade.path("fault").asText()).isEqualTo("upgrade");
        assertThat(upgrade.path("possible").asBoolean()).isFalse();
        assertThat(upgrade.path("why_not").asText()).contains("--previous");
    }

    @Test
    void whatCannotBeUsedIsRefusedBeforeAnythingStarts() throws Exception {
        Files.writeString(folder.resolve("something"), "here");

        assertThat(Cli.run("faults", "run", "--faults", "worker-kil"))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(ran -> assertThat(ran.err()).contains("worker-kil", "worker-kill"));
        assertThat(Cli.run("faults", "run", "--out", folder.toString()))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(ran -> assertThat(ran.err()).contains("not empty"));
        assertThat(Cli.run("faults", "run", "--minutes", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("faults", "run", "--rate", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("faults", "each", "--faults", "none").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("faults", "run", "--previous", folder.toString()).err())
                .contains("previous.sh");
    }
}
