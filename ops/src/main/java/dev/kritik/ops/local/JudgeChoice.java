/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The options that name judge and Meta RM of an installation of its own: short forms of configuration keys. */
public final class JudgeChoice {

    private static final String JUDGE = "worker.judge";
    private static final String META = "worker.meta";
    private static final String OPENAI = "openai";
    private static final String VLLM = "vllm";
    private static final String DJL = "djl";
    private static final String NONE = "none";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--judge",
            paramLabel = "KIND",
            description =
                    "Kind of the judge: openai, a model server (--url, --model), or djl, a model in the worker's process"
                            + " (--model, --device). Default: as worker.judge says, else openai.")
    private String judge;

    @Option(
            names = {"--url", "--judge-url"},
            paramLabel = "URL",
            description = "Address of the judge's server, up to and with /v1; short for --set judge.openai.url=URL.")
    private String url;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The judge's model: its name on the server; with --judge djl a folder with a checkpoint, or"
                    + " org/name on a model hub.")
    private String model;

    @Option(
            names = "--meta",
            paramLabel = "KIND",
            description =
                    "Kind of the Meta RM: none, vllm (--meta-url, --meta-model) or djl (--meta-model). Default: as"
                            + " worker.meta says; vllm with --meta-url; else none.")
    private String meta;

    @Option(names = "--meta-url", paramLabel = "URL", description = "Address of a Meta RM (vLLM's /classify).")
    private String metaUrl;

    @Option(
            names = "--meta-model",
            paramLabel = "NAME",
            description = "The Meta RM's model: its name on the server; with --meta djl a folder or org/name.")
    private String metaModel;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "Where judge and Meta RM of kind djl are computed: cpu, cuda:0, ... Default: as the configuration"
                            + " says, else cpu.")
    private String device;

    /** Whether an option for the judge or the Meta RM was given. */
    public boolean given() {
        return judgeGiven() || meta != null || metaUrl != null || metaModel != null || device != null;
    }

    /** Whether an option for the judge was given. */
    public boolean judgeGiven() {
        return judge != null || url != null || model != null;
    }

    /**
     * Whether the options or the configuration say who judges.
     *
     * @param config what {@link #over} gave
     */
    public static boolean named(Map<String, String> config) {
        String key = config.getOrDefault(JUDGE, OPENAI).equals(DJL) ? "judge.djl.model" : "judge.openai.url";
        return !config.getOrDefault(key, "").isBlank();
    }

    /**
     * The configuration with these options over it. Folders of checkpoints are made absolute, for the worker has another
     * working directory.
     *
     * @throws ParameterException if options contradict each other
     */
    public Map<String, String> over(Map<String, String> config) {
        Map<String, String> all = new TreeMap<>(config);
        judge(all);
        meta(all);
        absolute(all, "judge.djl.model");
        absolute(all, "meta.djl.model");
        return all;
    }

    private void judge(Map<String, String> all) {
        put(all, JUDGE, judge);
        String kind = all.getOrDefault(JUDGE, OPENAI);
        if (url != null && !kind.equals(OPENAI)) {
            throw wrong(
                    "--url names a model server, but the judge is " + kind + ": leave it out, or give --judge openai");
        }
        put(all, "judge.openai.url", url);
        put(all, "judge." + kind + ".model", model);
    }

    private void meta(Map<String, String> all) {
        put(all, META, meta == null && metaUrl != null ? VLLM : meta);
        String kind = all.getOrDefault(META, NONE);
        if (metaUrl != null && !kind.equals(VLLM)) {
            throw wrong("--meta-url names a model server, but the Meta RM is " + kind + ": leave it out, or give --meta"
                    + " vllm");
        }
        if (metaModel != null && kind.equals(NONE)) {
            throw wrong("--meta-model names a model, but no Meta RM runs: give --meta djl, or --meta-url");
        }
        put(all, "meta.vllm.url", metaUrl);
        put(all, "meta." + kind + ".model", metaModel);
        boolean judgeHere = all.getOrDefault(JUDGE, OPENAI).equals(DJL);
        if (device != null && !judgeHere && !kind.equals(DJL)) {
            throw wrong("--device is for a judge or a Meta RM of kind djl");
        }
        put(all, "judge.djl.device", judgeHere ? device : null);
        put(all, "meta.djl.device", kind.equals(DJL) ? device : null);
    }

    private static void put(Map<String, String> all, String key, String value) {
        if (value != null) {
            all.put(key, value);
        }
    }

    private static void absolute(Map<String, String> all, String key) {
        all.computeIfPresent(key, (same, name) -> {
            try {
                Path folder = Path.of(name.strip());
                return Files.isDirectory(folder)
                        ? folder.toAbsolutePath().normalize().toString()
                        : name;
            } catch (InvalidPathException e) { // a name, then
                return name;
            }
        });
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
