/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import dev.kritik.lm.hub.HubException.Reason;
import dev.kritik.lm.hub.HubHttp.Answer;
import dev.kritik.lm.hub.HubHttp.Request;

/** What we ask of the hub's API, for one model. */
final class HubClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubHttp http;
    private final HubSettings settings;
    private final ModelName model;
    private final Retries retries;

    HubClient(HubHttp http, HubSettings settings, ModelName model) {
        this.http = http;
        this.settings = settings;
        this.model = model;
        this.retries = new Retries(settings.attempts(), settings.firstPause());
    }

    /**
     * What a revision holds.
     *
     * @param commit the commit that it names now
     * @param files names of all its files; none leads out of the repository
     */
    record Listing(String commit, List<String> files) {}

    /** @param attempts how often to try */
    Listing list(int attempts) {
        String what = "model " + model + " at " + settings.endpoint();
        Request request = new Request(
                what,
                "GET",
                URI.create(
                        settings.endpoint() + "/api/models/" + model.repo() + "/revision/" + encode(model.revision())),
                0,
                false);
        return new Retries(attempts, settings.firstPause())
                .run(
                        what,
                        () -> listing(
                                what,
                                http.send(request, BodyHandlers.ofString(), () -> 0)
                                        .last()
                                        .body()));
    }

    private static Listing listing(String what, String body) {
        JsonNode info;
        try {
            info = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new HubException(Reason.BROKEN, what + ": the answer is no JSON. Is HF_ENDPOINT a hub?", e);
        }
        String commit = info.path("sha").asText("");
        if (!ModelName.isCommit(commit) || !info.path("siblings").isArray()) {
            throw new HubException(
                    Reason.BROKEN, what + ": the answer names no commit, or no files. Is HF_ENDPOINT a hub?");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode file : info.path("siblings")) {
            String name = file.path("rfilename").asText("");
            if (name.isEmpty()
                    || name.startsWith("/")
                    || List.of(name.split("[/\\\\]", -1)).contains("..")) {
                throw new HubException(
                        Reason.BROKEN,
                        what + ": a file is named '" + name + "', which leads out of it; nothing is downloaded");
            }
            files.add(name);
        }
        return new Listing(commit, List.copyOf(files));
    }

    /** Size and checksum of a file. */
    RemoteFile head(String commit, String file) {
        // A redirect to another host is where the headers are that we want: those of the file behind it.
        Request request = new Request(what(file), "HEAD", address(commit, file), 0, true);
        Answer<Void> answer = retries.run(request.what(), () -> http.send(request, BodyHandlers.discarding(), () -> 0));
        String etag = answer.header("X-Linked-Etag")
                .or(() -> answer.last().headers().firstValue("ETag"))
                .orElseThrow(() -> new HubException(
                        Reason.BROKEN, request.what() + ": the hub sends no ETag. Is HF_ENDPOINT a hub?"));
        String size = answer.header("X-Linked-Size")
                .or(() -> answer.redirect()
                        ? Optional.empty()
                        : answer.last().headers().firstValue("Content-Length"))
                .filter(value -> value.matches("[0-9]{1,18}"))
                .orElse("-1");
        return new RemoteFile(file, etag.replaceFirst("^W/", "").replace("\"", ""), Long.parseLong(size));
    }

    /** Loads a file, or what is missing of it. Returns when it has its size; what is in it is for the caller to check. */
    void download(String commit, RemoteFile file, Path partial, ProgressListener progress) {
        // Progress is what goes beyond all that was there before: who begins anew each time gets nowhere.
        AtomicLong highest = new AtomicLong(have(file, partial));
        retries.run(what(file.name()), () -> {
            fetch(commit, file, partial, highest, progress);
            return null;
        });
    }

    private void fetch(String commit, RemoteFile file, Path partial, AtomicLong highest, ProgressListener progress)
            throws Transient {
        long have = have(file, partial);
        progress.progress(file.name(), have, file.size());
        if (have == file.size() && have > 0) {
            return;
        }
        Request request = new Request(what(file.name()), "GET", address(commit, file.name()), have, false);
        AtomicReference<FileSink> sink = new AtomicReference<>();
        BodyHandler<Long> handler = info -> {
            sink.set(open(info, file, partial, have, new Meter(file, progress)));
            return sink.get();
        };
        try {
            long end = http.send(
                            request,
                            handler,
                            () -> sink.get() == null ? have : sink.get().position())
                    .last()
                    .body();
            if (file.size() >= 0 && end < file.size()) {
                throw new Transient("the connection ended after " + end + " of " + file.size() + " bytes", null);
            }
        } catch (Transient e) {
            long end = sink.get() == null ? have : sink.get().position();
            throw end > highest.getAndAccumulate(end, Math::max) ? e.afterProgress() : e;
        } finally {
            if (sink.get() != null) {
                sink.get().close();
            }
        }
    }

    /** Bytes that are there and of use: none if the size is not known, because they could be all of them. */
    private static long have(RemoteFile file, Path partial) {
        try {
            long have = Files.exists(partial) ? Files.size(partial) : 0;
            return have <= file.size() ? have : 0;
        } catch (IOException e) {
            throw new HubException(Reason.CACHE, partial + " can't be read: " + e.getMessage(), e);
        }
    }

    private static FileSink open(ResponseInfo info, RemoteFile file, Path partial, long have, LongConsumer written) {
        String range = info.headers().firstValue("Content-Range").orElse("");
        boolean goesOn = info.statusCode() == 206 && range.startsWith("bytes " + have + "-");
        if (info.statusCode() == 206 && !goesOn) {
            throw new HubException(Reason.BROKEN, "asked for bytes from " + have + ", got '" + range + "'");
        }
        try {
            return new FileSink(partial, goesOn ? have : 0, file.size() < 0 ? Long.MAX_VALUE : file.size(), written);
        } catch (IOException e) {
            throw new HubException(Reason.CACHE, partial + " can't be written: " + e.getMessage(), e);
        }
    }

    private URI address(String commit, String file) {
        return URI.create(settings.endpoint() + "/" + model.repo() + "/resolve/" + commit + "/" + encode(file));
    }

    private String what(String file) {
        return file + " of model " + model + " at " + settings.endpoint();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Tells a listener, but not for every few bytes. */
    private static final class Meter implements LongConsumer {

        private static final long STEP = 1 << 20;

        private final RemoteFile file;
        private final ProgressListener listener;
        private long next;

        Meter(RemoteFile file, ProgressListener listener) {
            this.file = file;
            this.listener = listener;
        }

        @Override
        public void accept(long position) {
            if (position >= next || position == file.size()) {
                next = position + STEP;
                listener.progress(file.name(), position, file.size());
            }
        }
    }
}
