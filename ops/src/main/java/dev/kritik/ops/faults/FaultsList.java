/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik faults list}: what can be done to an installation. */
@Command(
        name = "list",
        description = "List the faults, and whether this machine can do them.",
        footer = {
            "",
            "Examples:",
            "  kritik faults list",
            "  kritik faults list --json | jq -r 'select(.possible).fault'"
        })
public final class FaultsList implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (FaultKind kind : FaultKind.values()) {
            Optional<String> why = Arsenal.impossible(kind);
            if (common.json()) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("fault", kind.word());
                line.put("about", kind.about());
                line.put("possible", why.isEmpty());
                why.ifPresent(text -> line.put("why_not", text));
                common.out().println(json.writeValueAsString(line));
            } else {
                common.out()
                        .println(String.format(
                                "%-16s %s%s",
                                kind.word(),
                                kind.about(),
                                why.map(text -> " [not here: " + text + "]").orElse("")));
            }
        }
        return ExitCode.OK;
    }
}
