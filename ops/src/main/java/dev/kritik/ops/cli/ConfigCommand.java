/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code kritik config}: prints the configuration reference. */
@Command(
        name = "config",
        description = {
            "Print the reference of all configuration keys, as Markdown or with --json as JSON.",
            "With --check: read the given configuration as the roles would, and say what is wrong with it."
        },
        footer = {
            "",
            "Examples:",
            "  kritik config | less",
            "  kritik config --json | jq -r '.[].keys[].key'",
            "  kritik config --check --config kritik.properties"
        })
public final class ConfigCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--check",
            description =
                    "Print nothing of the reference; check the keys and values of --config and --set, and exit with 2 "
                            + "if one can't be used.")
    private boolean check;

    @Override
    public Integer call() throws IOException {
        Map<String, String> given = common.config();
        if (check) {
            ConfigReference.check(given);
            common.err().println(given.size() + " keys: all known, all values within their limits");
        } else if (common.json()) {
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            common.out().println(json.writeValueAsString(ConfigReference.plain()));
        } else {
            common.out().print(ConfigReference.markdown());
        }
        common.out().flush();
        return ExitCode.OK;
    }
}
