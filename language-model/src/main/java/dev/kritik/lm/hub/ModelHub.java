/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.hub.HubClient.Listing;
import dev.kritik.lm.hub.HubException.Reason;

/**
 * Finds models by path, by name among the {@link BundledModels}, or by name on the Hugging Face hub. The cache is shared with Python's huggingface_hub: what one of
 * the two has downloaded, the other finds.
 */
public final class ModelHub {

    private static final Logger LOG = LoggerFactory.getLogger(ModelHub.class);

    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    /** What is loaded besides the weights, where it is there. Weights in other formats never are. */
    private static final List<String> WANTED = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "kritik.json");

    private final HubSettings settings;
    private final ModelName model;
    private final HubCache cache;
    private final ProgressListener progress;

    private ModelHub(HubSettings settings, ModelName model, ProgressListener progress) {
        this.settings = settings;
        this.model = model;
        this.cache = new HubCache(settings, model);
        this.progress = progress;
    }

    /**
     * The folder of a model. Blocks while it is downloaded; a broken off download goes on where it stopped.
     *
     * @param pathOrName the name of one of the {@link BundledModels}, wherever the working directory is; a folder, {@code ~/} being the user's home, which is used as it is; else {@code org/name} or
     *     {@code org/name@revision}, with a branch, tag or commit. A revision that moved on is downloaded anew; when that
     *     can't be (the hub can't be asked, denies, or sends what makes no sense; the cache can't be written), the cache's
     *     last complete state of it is used, with a warning
     * @throws HubException when it can't be had; an interrupt too, which stays set
     */
    public static Path resolve(String pathOrName, HubSettings settings, ProgressListener progress) {
        if (BundledModels.isName(pathOrName)) {
            return BundledModels.folder(pathOrName, settings);
        }
        Optional<Path> folder = folder(pathOrName);
        if (folder.isPresent()) {
            return folder.get();
        }
        return new ModelHub(settings, ModelName.parse(pathOrName), progress).resolve();
    }

    private static Optional<Path> folder(String text) {
        try {
            Path path = HubSettings.homeOf(text).toAbsolutePath().normalize();
            if (Files.isRegularFile(path)) {
                throw new HubException(Reason.NAME, path + " is a file: give the folder of the model");
            }
            return Optional.of(path).filter(Files::isDirectory).filter(ignored -> !text.isBlank());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Path resolve() {
        Optional<Path> known = Optional.empty();
        try (HubHttp http = new HubHttp(settings)) {
            known = cache.known();
            boolean complete =
                    known.isPresent() && HubCache.missing(known.get()).isEmpty();
            if (settings.offline()) {
                throw new HubException(Reason.UNREACHABLE, "model " + model + ": HF_HUB_OFFLINE is set");
            }
            // With the model at hand, a hub that is gone should not hold up the start.
            return update(new HubClient(http, settings, model), complete ? 1 : settings.attempts());
        } catch (HubException e) {
            return cached(known, e);
        } catch (IOException e) {
            return cached(
                    known,
                    new HubException(
                            Reason.CACHE,
                            "model " + model + ": the cache " + settings.cache() + " can't be used: " + e,
                            e));
        }
    }

    /** What the cache holds instead of what can't be had, or why it can't be had. */
    private Path cached(Optional<Path> known, HubException why) {
        boolean passing = why.reason() != Reason.NOT_FOUND && why.reason() != Reason.NAME;
        if (!passing || Thread.currentThread().isInterrupted()) {
            throw why;
        }
        if (known.isEmpty()) {
            throw why.reason() != Reason.UNREACHABLE
                    ? why
                    : new HubException(
                            why.reason(),
                            why.getMessage() + "; the cache " + settings.cache() + " doesn't hold it",
                            why);
        }
        List<String> missing = HubCache.missing(known.get());
        if (!missing.isEmpty()) {
            throw new HubException(
                    why.reason(),
                    why.getMessage() + "; what the cache holds of it isn't complete: " + String.join(", ", missing)
                            + " is missing in " + known.get(),
                    why);
        }
        if (!settings.offline()) {
            LOG.atWarn()
                    .addKeyValue("model", model)
                    .addKeyValue("folder", known.get())
                    .addKeyValue("error", why.getMessage())
                    .log("Can't make sure that the model is the newest; using what the cache holds");
        }
        return known.get();
    }

    private Path update(HubClient client, int attempts) throws IOException {
        Listing listing = client.list(attempts);
        String commit = listing.commit();
        if (!listing.files().contains("config.json")) {
            throw new HubException(Reason.NOT_FOUND, "model " + model + " holds no config.json: it isn't a model");
        }
        List<String> wanted = WANTED.stream().filter(listing.files()::contains).toList();
        if (cache.holds(commit, wanted)) {
            rememberIfPossible(commit);
            return cache.snapshot(commit);
        }
        HubLock lock = HubLock.take(settings, model);
        try {
            cache.create(commit);
            for (String file : wanted) {
                fetch(client, commit, file);
            }
            for (String file : weights(client, listing)) {
                fetch(client, commit, file);
            }
            cache.remember(commit);
        } finally {
            lock.close();
        }
        return cache.snapshot(commit);
    }

    /** A cache that is mounted read-only serves well, too. */
    private void rememberIfPossible(String commit) {
        try {
            cache.remember(commit);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("model", model).setCause(e).log("The cache can't be written");
        }
    }

    /** The files of weights that are needed; many repositories hold them twice. */
    private List<String> weights(HubClient client, Listing listing) throws IOException {
        if (listing.files().contains(WEIGHTS)) {
            return List.of(WEIGHTS);
        }
        if (!listing.files().contains(INDEX)) {
            throw new HubException(
                    Reason.NOT_FOUND,
                    "model " + model + " holds neither " + WEIGHTS + " nor " + INDEX
                            + ": it isn't a model, or must be converted to safetensors first");
        }
        fetch(client, listing.commit(), INDEX);
        List<String> shards = List.copyOf(Checkpoint.weightFiles(cache.snapshot(listing.commit())));
        for (String shard : shards) {
            if (!listing.files().contains(shard)) {
                throw new HubException(
                        Reason.NOT_FOUND, "model " + model + ": " + INDEX + " lists " + shard + ", which isn't there");
            }
        }
        return shards;
    }

    private void fetch(HubClient client, String commit, String name) throws IOException {
        if (Files.isRegularFile(cache.snapshot(commit).resolve(name))) {
            return; // a commit never changes
        }
        RemoteFile file = client.head(commit, name);
        if (!cache.has(file)) {
            download(client, commit, file);
        }
        cache.link(commit, file);
    }

    private void download(HubClient client, String commit, RemoteFile file) throws IOException {
        Path partial = cache.partial(file);
        long free = Files.getFileStore(partial.getParent()).getUsableSpace();
        long needed = file.size() - (Files.exists(partial) ? Files.size(partial) : 0);
        if (needed > free) {
            throw new HubException(
                    Reason.CACHE,
                    "model " + model + ": " + file.name() + " needs " + needed + " more bytes, and " + settings.cache()
                            + " has room for " + free + ". Make room, or set HF_HUB_CACHE");
        }
        LOG.atInfo()
                .addKeyValue("model", model)
                .addKeyValue("file", file.name())
                .addKeyValue("bytes", file.size())
                .log("Downloading");
        client.download(commit, file, partial, progress);
        if (!file.matches(partial)) {
            Files.delete(partial);
            throw new HubException(
                    Reason.BROKEN,
                    "model " + model + ": what came as " + file.name()
                            + " has another checksum or size than the hub announced, and was deleted. Try again; if it stays,"
                            + " something between here and " + settings.endpoint() + " changes files");
        }
        if (!file.verifiable()) {
            LOG.atWarn()
                    .addKeyValue("model", model)
                    .addKeyValue("file", file.name())
                    .log("The hub sends no checksum for the file; only its size was checked");
        }
        cache.accept(file);
    }
}
