/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;

/** The options that every command has, and what follows from them: its configuration and where it prints. */
public final class CommonOptions {

    /** Makes an error print its stack trace; read by {@link Errors}. */
    static final String STACKTRACE = "--stacktrace";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Read configuration keys from a properties file (UTF-8). 'kritik config' lists all keys.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one configuration key; stronger than --config. May be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print the result as JSON on stdout, for programs.")
    private boolean json;

    @Option(names = STACKTRACE, description = "Print the whole stack trace of an error, to report a bug.")
    @SuppressWarnings(
            "UnusedVariable") // Errors looks for it among the arguments: options may not be parsed when it is needed
    private boolean stacktrace;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description =
                    "Log level of everything, Kafka's clients too: ${COMPLETION-CANDIDATES}. Default: WARN, and INFO "
                            + "for Kritik's own logs in the roles.")
    void logLevel(Level level) {
        Logging.level(level);
    }

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "${env:KRITIK_LOG_FORMAT:-text}",
            description =
                    "How the log is written: text, or json for one JSON object a line with the keys as fields. Also read "
                            + "from the environment variable KRITIK_LOG_FORMAT, which the option overrules.")
    void logFormat(LogFormat format) {
        Logging.format(format);
    }

    /** For a command that takes brokers away itself: what Kafka's clients say of it would hide everything else. */
    public void expectOutages() {
        Logging.withoutKafka();
    }

    /** What was given of --config and --set, as it stands in a command line; empty if nothing was. */
    public String again() {
        StringBuilder text = new StringBuilder(file == null ? "" : " --config " + file);
        settings.forEach(
                (key, value) -> text.append(" --set ").append(key).append('=').append(value));
        return text.toString();
    }

    /** Whether the result is wanted as JSON. */
    public boolean json() {
        return json;
    }

    /** Where the result goes. */
    public PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where everything that is not the result goes: progress, warnings. */
    public PrintWriter err() {
        return command.commandLine().getErr();
    }

    /**
     * The configuration: the file, and the single settings over it.
     *
     * @throws ConfigError if the file can't be read, or a key is not known to any role
     */
    public Map<String, String> config() {
        Map<String, String> all = new TreeMap<>();
        if (file != null) {
            all.putAll(read(file));
        }
        all.putAll(settings);
        Configs.rejectUnknown(all, ConfigReference.definitions(), ConfigReference.families());
        return all;
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigError("--config: there is no file '" + file + "'", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigError("--config: '" + file + "' can't be read as a properties file: " + e.getMessage(), e);
        }
        Map<String, String> read = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
        return read;
    }
}
