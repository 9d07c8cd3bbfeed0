/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where models come from and where they are kept; the same environment variables as for Python's huggingface_hub.
 *
 * @param cache folder of the cache (the one that holds {@code models--org--name})
 * @param endpoint the hub, without a slash at its end
 * @param token sent to the endpoint, and to nobody else
 * @param offline whether only the cache is asked
 * @param symlinks whether snapshots are links to blobs; else the files themselves
 * @param attempts how often a request is made before it counts as failed, at least 1; each piece of a file that arrives
 *     starts the count anew
 * @param firstPause pause after the first failure; doubles with each, up to 30 s
 * @param timeout how long to wait for an answer, and for more bytes while a file arrives
 * @param home the folder of Kritik itself, which holds the {@link BundledModels}; empty when nobody says where it is
 */
public record HubSettings(
        Path cache,
        URI endpoint,
        Optional<String> token,
        boolean offline,
        boolean symlinks,
        int attempts,
        Duration firstPause,
        Duration timeout,
        Optional<Path> home) {

    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    public HubSettings {
        String scheme = String.valueOf(endpoint.getScheme());
        if (!scheme.matches("https?") || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
            throw wrong("HF_ENDPOINT must be like https://huggingface.co");
        }
        // Never the value in the message: it is a secret.
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw wrong("the token in HF_TOKEN, or in the token file, holds characters that no token has");
        }
        if (attempts < 1) {
            throw wrong("attempts is " + attempts + ": at least 1");
        }
    }

    /**
     * Settings as huggingface_hub reads them: HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN (or the file that
     * {@code hf auth login} writes), HF_HUB_OFFLINE, HF_HUB_DISABLE_SYMLINKS; and KRITIK_HOME, over which the system
     * property {@link BundledModels#HOME} is stronger.
     *
     * @param environment gives a variable's value, or null: {@code System::getenv}
     * @throws HubException for a value that can't be; names the variable
     */
    public static HubSettings fromEnvironment(UnaryOperator<String> environment) {
        Variables variables = new Variables(environment);
        Path hub = variables
                .path("HF_HOME")
                .or(() -> variables.path("XDG_CACHE_HOME").map(cache -> cache.resolve("huggingface")))
                .orElseGet(() -> homeOf("~/.cache/huggingface"));
        Path cache = variables
                .path("HF_HUB_CACHE")
                .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
                .orElse(hub.resolve("hub"));
        Path tokenFile = variables.path("HF_TOKEN_PATH").orElse(hub.resolve("token"));
        return new HubSettings(
                cache.toAbsolutePath(),
                endpoint(variables.text("HF_ENDPOINT").orElse("https://huggingface.co")),
                variables.text("HF_TOKEN").or(() -> tokenOf(tokenFile)),
                variables.flag("HF_HUB_OFFLINE") || variables.flag("TRANSFORMERS_OFFLINE"),
                !variables.flag("HF_HUB_DISABLE_SYMLINKS"),
                5,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Optional.ofNullable(System.getProperty(BundledModels.HOME))
                        .filter(text -> !text.isBlank())
                        .map(HubSettings::homeOf)
                        .or(() -> variables.path("KRITIK_HOME"))
                        .map(Path::toAbsolutePath));
    }

    /** A path in which {@code ~/} is the user's home. */
    static Path homeOf(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), path.substring(1))
                : Path.of(path);
    }

    private static URI endpoint(String text) {
        try {
            return new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            // Only why: the whole message would hold the address, and that may hold a password.
            throw wrong("HF_ENDPOINT is no address: " + e.getReason());
        }
    }

    private static Optional<String> tokenOf(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
        } catch (IOException e) {
            throw new HubException(
                    HubException.Reason.NAME, "the token file " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static HubException wrong(String message) {
        return new HubException(HubException.Reason.NAME, message);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubSettings[cache=" + cache + ", endpoint=" + endpoint + ", token="
                + (token.isPresent() ? "set" : "none") + ", offline=" + offline + "]";
    }

    private record Variables(UnaryOperator<String> environment) {

        Optional<String> text(String name) {
            return Optional.ofNullable(environment.apply(name))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        }

        Optional<Path> path(String name) {
            return text(name).map(HubSettings::homeOf);
        }

        boolean flag(String name) {
            return text(name)
                    .map(value -> TRUE.contains(value.toUpperCase(Locale.ROOT)))
                    .orElse(false);
        }
    }
}
