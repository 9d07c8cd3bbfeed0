/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.kritik.lm.hub.FakeHub.Seen;
import dev.kritik.lm.hub.FakeHub.Trouble;
import dev.kritik.lm.hub.HubException.Reason;

class ModelHubTest {

    private static final String TOKEN = "hf_0123456789";

    @TempDir
    Path folder;

    private final FakeHub hub = new FakeHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void downloadsWhatIsNeededIntoThePlacesWherePythonLooks() throws IOException {
        // Given
        hub.put("tokenizer_config.json", "{}");
        hub.put("kritik.json", "{}");
        for (String other :
                List.of("README.md", "pytorch_model.bin", "consolidated.safetensors", "sub/model.safetensors")) {
            hub.put(other, other);
        }

        // When
        Path snapshot = resolve("org/tiny");

        // Then
        Path model = folder.resolve("hub/models--org--tiny");
        assertThat(snapshot).isEqualTo(model.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(names(snapshot))
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.json", "tokenizer_config.json", "kritik.json", "model.safetensors");
        for (String name : names(snapshot)) {
            assertThat(snapshot.resolve(name)).hasBinaryContent(hub.files.get(name));
            assertThat(Files.readSymbolicLink(snapshot.resolve(name))).hasToString("../../blobs/" + hub.etag(name));
        }
        assertThat(model.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(names(model.resolve("blobs")))
                .containsExactlyInAnyOrderElementsOf(Stream.of("config.json", "tokenizer.json", "model.safetensors")
                        .map(hub::etag)
                        .toList()); // tokenizer.json and tokenizer_config.json are the same
    }

    @Test
    void asksOnlyForTheCommitWhenAllIsThere() {
        resolve("org/tiny");
        hub.seen.clear();

        resolve("org/tiny");

        assertThat(hub.seen).extracting(Seen::path).containsExactly("/api/models/org/tiny/revision/main");
    }

    @Test
    void readsACacheThatItMayNotWrite() throws IOException {
        Path snapshot = resolve("org/tiny");
        Path model = folder.resolve("hub/models--org--tiny");
        Files.delete(model.resolve("refs/main"));
        Files.delete(model.resolve("refs"));
        Files.writeString(model.resolve("refs"), "no folder can be made here");
        Files.delete(folder.resolve("hub/.locks/models--org--tiny/kritik.lock"));
        Files.delete(folder.resolve("hub/.locks/models--org--tiny"));
        Files.writeString(folder.resolve("hub/.locks/models--org--tiny"), "nor here");

        assertThat(resolve("org/tiny")).isEqualTo(snapshot);
    }

    @Test
    void usesTheModelThatItHasWhenTheRevisionMovedOnAndTheCacheMayNotBeWritten() throws IOException {
        Path snapshot = resolve("org/tiny");
        hub.commit = "f".repeat(40);
        Files.delete(folder.resolve("hub/.locks/models--org--tiny/kritik.lock"));
        Files.delete(folder.resolve("hub/.locks/models--org--tiny"));
        Files.writeString(folder.resolve("hub/.locks/models--org--tiny"), "no folder can be made here");

        assertThat(resolve("org/tiny")).isEqualTo(snapshot);
    }

    @Test
    void usesTheModelThatItHasWhenTheNewOneCanNotBeStored() throws IOException {
        Path snapshot = resolve("org/tiny");
        hub.commit = "f".repeat(40);
        hub.put("model.safetensors", "new");
        hub.etags.clear();
        Path blobs = folder.resolve("hub/models--org--tiny/blobs");
        Files.createDirectories(blobs.resolve(hub.etag("model.safetensors") + ".kritik.incomplete"));

        assertThat(resolve("org/tiny")).isEqualTo(snapshot);
    }

    @Test
    void usesTheModelThatItHasWhenWhatComesIsNotTheHubsAnswer() {
        hub.trouble("LIST", new Trouble.None(), new Trouble.Page());
        Path snapshot = resolve("org/tiny");

        assertThat(resolve("org/tiny")).isEqualTo(snapshot);
    }

    @Test
    void withoutAModelAnAnswerThatIsNotTheHubsIsAnError() {
        hub.trouble("LIST", new Trouble.Page());

        HubException failure = fails("org/tiny");

        assertThat(failure.reason()).isEqualTo(Reason.BROKEN);
        assertThat(failure).hasMessageContaining("no JSON");
    }

    @Test
    void aBlobThatACrashCutShortIsLoadedAgain() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("hub/models--org--tiny/blobs"));
        Files.writeString(blobs.resolve(hub.etag("model.safetensors")), "www");
        Files.writeString(blobs.resolve(hub.etag("config.json")), "");

        Path snapshot = resolve("org/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(hub.files.get("model.safetensors"));
        assertThat(snapshot.resolve("config.json")).hasBinaryContent(hub.files.get("config.json"));
    }

    @Test
    void aRevisionThatMovedOnIsDownloadedButNotWhatStayedTheSame() throws IOException {
        Path before = resolve("org/tiny@main");
        hub.commit = "f".repeat(40);
        hub.put("config.json", "{\"new\": 1}");
        hub.etags.clear();
        hub.seen.clear();

        Path after = resolve("org/tiny@main");

        assertThat(after).isNotEqualTo(before);
        assertThat(after.resolve("config.json")).hasContent("{\"new\": 1}");
        assertThat(hub.requests("GET"))
                .contains("hub /small/config.json")
                .doesNotContain("away /lfs/model.safetensors");
    }

    @Test
    void findsRevisionsWithSlashesAndCommits() {
        resolve("org/tiny@refs/pr/1");
        resolve("org/tiny@" + FakeHub.COMMIT);

        assertThat(folder.resolve("hub/models--org--tiny/refs/refs/pr/1")).hasContent(FakeHub.COMMIT);
        assertThat(folder.resolve("hub/models--org--tiny/refs").resolve(FakeHub.COMMIT))
                .doesNotExist();
    }

    @Test
    void loadsTheShardsThatTheIndexNames() throws IOException {
        hub.files.remove("model.safetensors");
        hub.put("model-1.safetensors", "one");
        hub.put("model-2.safetensors", "two");
        hub.put("other.safetensors", "other");
        hub.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");

        assertThat(names(resolve("org/tiny")))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "tokenizer.json",
                        "model.safetensors.index.json",
                        "model-1.safetensors",
                        "model-2.safetensors");
    }

    @Test
    void goesOnWhereAConnectionWasLost() {
        hub.trouble("GET model.safetensors", new Trouble.Cut(1_000), new Trouble.Cut(500));

        Path snapshot = resolve("org/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(hub.files.get("model.safetensors"));
        assertThat(ranges("/lfs/model.safetensors")).containsExactly(null, "bytes=1000-", "bytes=1500-");
    }

    @Test
    void goesOnWhereAnEarlierProcessStopped() {
        hub.trouble("GET model.safetensors", new Trouble.Cut(1_000));
        hub.trouble("GET model.safetensors", new Trouble.Status(503), new Trouble.Status(503));
        assertThat(fails("org/tiny").reason()).isEqualTo(Reason.UNREACHABLE);
        hub.seen.clear();

        Path snapshot = resolve("org/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(hub.files.get("model.safetensors"));
        assertThat(ranges("/lfs/model.safetensors")).containsExactly("bytes=1000-");
    }

    @Test
    void beginsAnewWhereTheServerCannotGoOn() {
        hub.trouble("GET model.safetensors", new Trouble.Cut(1_000), new Trouble.IgnoreRange());

        assertThat(resolve("org/tiny").resolve("model.safetensors"))
                .hasBinaryContent(hub.files.get("model.safetensors"));
    }

    @Test
    void aServerThatFallsSilentIsAskedAgain() {
        hub.trouble("GET model.safetensors", new Trouble.Stall(1_000));

        resolve("org/tiny", settings(hub.endpoint(), Duration.ofMillis(300), true, false));

        assertThat(ranges("/lfs/model.safetensors")).containsExactly(null, "bytes=1000-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json"})
    void aWrongChecksumDeletesTheFile(String file) throws IOException {
        hub.etag(file);
        hub.files.get(file)[0] ^= 1;

        HubException failure = fails("org/tiny");

        assertThat(failure.reason()).isEqualTo(Reason.BROKEN);
        assertThat(failure).hasMessageContaining(file).hasMessageContaining("checksum");
        Path model = folder.resolve("hub/models--org--tiny");
        assertThat(names(model.resolve("blobs"))).noneMatch(name -> name.startsWith(hub.etag(file)));
        assertThat(model.resolve("refs/main")).doesNotExist();

        hub.files.get(file)[0] ^= 1;
        assertThat(resolve("org/tiny").resolve(file)).hasBinaryContent(hub.files.get(file));
    }

    @Test
    void aFileOfUnknownSizeThatAlwaysStopsAtTheSamePlaceIsGivenUp() {
        hub.tellsSizes = false;
        for (int i = 0; i < 20; i++) {
            hub.trouble("GET model.safetensors", new Trouble.Cut(1_000));
        }

        assertThat(fails("org/tiny").reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(ranges("/lfs/model.safetensors")).hasSize(3);
    }

    @Test
    void aFileOfUnknownSizeArrivesWhenTheConnectionHolds() {
        hub.tellsSizes = false;
        hub.trouble("GET model.safetensors", new Trouble.Cut(1_000), new Trouble.Cut(2_000));

        assertThat(resolve("org/tiny").resolve("model.safetensors"))
                .hasBinaryContent(hub.files.get("model.safetensors"));
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        resolve("org/tiny");

        assertThat(hub.seen)
                .filteredOn(one -> one.host().equals("hub"))
                .hasSizeGreaterThan(4)
                .allMatch(one -> ("Bearer " + TOKEN).equals(one.authorization()));
        assertThat(hub.seen)
                .filteredOn(one -> one.host().equals("away"))
                .isNotEmpty()
                .allMatch(one -> one.authorization() == null);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aDeniedModelAsksForAToken(int status) {
        hub.trouble("LIST", new Trouble.Status(status));
        HubSettings noToken = new HubSettings(
                folder,
                URI.create(hub.endpoint()),
                Optional.empty(),
                false,
                true,
                1,
                Duration.ofMillis(1),
                Duration.ofSeconds(5),
                Optional.empty());

        assertThatThrownBy(() -> resolve("org/tiny", noToken))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("org/tiny")
                .hasMessageContaining("gated or private")
                .hasMessageContaining("set HF_TOKEN");
        assertThat(hub.seen).hasSize(1);
    }

    @Test
    void aDeniedTokenIsNotShown() {
        hub.trouble("LIST", new Trouble.Status(401));

        HubException failure = fails("org/tiny");

        assertThat(failure.reason()).isEqualTo(Reason.DENIED);
        assertThat(failure).hasStackTraceContaining("the token may not read it");
        assertThat(failure.getMessage()).doesNotContain(TOKEN);
    }

    @Test
    void anUnknownModelIsNamed() {
        HubException failure = fails("org/other@v2");

        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure)
                .hasMessageContaining("org/other@v2")
                .hasMessageContaining("404")
                .hasMessageContaining("Repository not found");
        assertThat(hub.seen).hasSize(1);
    }

    @Test
    void aHubThatFailsForAWhileIsAskedAgain() {
        hub.trouble("LIST", new Trouble.Status(500), new Trouble.Status(429));
        hub.trouble("GET model.safetensors", new Trouble.Status(403), new Trouble.Status(502)); // 403: an old signature

        assertThat(resolve("org/tiny")).isDirectory();
    }

    @Test
    void aHubThatKeepsFailingIsUnreachable() {
        hub.trouble("LIST", new Trouble.Status(503), new Trouble.Status(503), new Trouble.Status(503));

        HubException failure = fails("org/tiny");

        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(hub.seen).hasSize(3);
    }

    @Test
    void addressesOfOtherHostsAreNotShown() {
        hub.trouble("GET model.safetensors", new Trouble.Status(404));

        assertThatThrownBy(() -> resolve("org/tiny"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("model.safetensors")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void anotherHostThatFailsIsNamed() {
        hub.trouble("GET model.safetensors", new Trouble.Status(404));
        assertThatThrownBy(() -> resolve("org/tiny"))
                .hasMessageContaining(": " + hub.storage() + " answers 404")
                .hasMessageNotContaining("s3cret");

        for (int i = 0; i < 3; i++) {
            hub.trouble("GET model.safetensors", new Trouble.Status(503));
        }
        assertThatThrownBy(() -> resolve("org/tiny"))
                .hasMessageContaining(": " + hub.storage() + " answers 503")
                .hasMessageNotContaining("s3cret");

        hub.stopStorage();
        assertThatThrownBy(() -> resolve("org/tiny"))
                .hasMessageContaining("no connection to " + hub.storage())
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void offlineUsesTheCacheOrSaysThatItIsNotThere() {
        HubSettings offline = settings(hub.endpoint(), Duration.ofSeconds(5), true, true);
        assertThatThrownBy(() -> resolve("org/tiny", offline))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(hub.seen).isEmpty();

        Path snapshot = resolve("org/tiny");
        hub.seen.clear();

        assertThat(resolve("org/tiny", offline)).isEqualTo(snapshot);
        assertThat(resolve("org/tiny@" + FakeHub.COMMIT, offline)).isEqualTo(snapshot);
        assertThat(hub.seen).isEmpty();
    }

    @Test
    void anUnreachableHubDoesNotMatterWhenTheCacheHoldsTheModel() {
        Path snapshot = resolve("org/tiny");
        HubSettings nobody = settings("http://127.0.0.1:1", Duration.ofSeconds(5), true, false);

        assertThat(resolve("org/tiny", nobody)).isEqualTo(snapshot);
        assertThatThrownBy(() -> resolve("org/tiny@v2", nobody))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void aHalfModelInTheCacheIsNotUsed() throws IOException {
        Path snapshot = resolve("org/tiny");
        Files.delete(snapshot.resolve("model.safetensors"));

        HubSettings offline = settings(hub.endpoint(), Duration.ofSeconds(5), true, true);
        assertThatThrownBy(() -> resolve("org/tiny", offline)).isInstanceOf(HubException.class);

        assertThat(resolve("org/tiny").resolve("model.safetensors")).exists();
    }

    @Test
    void aCacheThatAnotherProgramFilledInPartIsNotCompleteAndTheErrorSaysWhatIsMissing() throws IOException {
        Path snapshot = resolve("org/tiny");
        Files.delete(snapshot.resolve("tokenizer.json"));

        HubSettings offline = settings(hub.endpoint(), Duration.ofSeconds(5), true, true);
        HubSettings nobody = settings("http://127.0.0.1:1", Duration.ofSeconds(5), true, false);
        for (HubSettings settings : List.of(offline, nobody)) {
            assertThatThrownBy(() -> resolve("org/tiny", settings))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("isn't complete")
                    .hasMessageContaining("tokenizer.json is missing in " + snapshot);
        }

        assertThat(resolve("org/tiny").resolve("tokenizer.json")).exists();
    }

    @Test
    void aRepositoryWithoutATokenizerIsNotLoadedAgainAndAgain() {
        hub.files.remove("tokenizer.json");
        resolve("org/tiny");
        hub.seen.clear();

        resolve("org/tiny");

        assertThat(hub.seen).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.safetensors", "/etc/evil", "a/../../evil", "..\\evil"})
    void namesThatLeadOutOfTheRepositoryAreRefused(String name) throws IOException {
        hub.put(name, "evil");

        HubException failure = fails("org/tiny");

        assertThat(failure.reason()).isEqualTo(Reason.BROKEN);
        assertThat(failure).hasMessageContaining("leads out of it");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void soAreChecksumsAndCommits() {
        hub.etags.put("config.json", "../../evil");
        assertThat(fails("org/tiny").reason()).isEqualTo(Reason.BROKEN);

        hub.commit = "../../../evil";
        assertThat(fails("org/tiny").reason()).isEqualTo(Reason.BROKEN);
    }

    @Test
    void aRepositoryWithoutUsableWeightsSaysSo() {
        hub.files.remove("model.safetensors");
        hub.put("pytorch_model.bin", "x");

        assertThat(fails("org/tiny")).hasMessageContaining("converted to safetensors");
    }

    @Test
    void tellsHowItGoesOn() {
        List<String> told = new ArrayList<>();

        ModelHub.resolve("org/tiny", settings(), (file, done, total) -> told.add(file + " " + done + "/" + total));

        assertThat(told).contains("model.safetensors 0/3000", "model.safetensors 3000/3000");
        assertThat(told).contains("config.json 0/39", "config.json 39/39");
    }

    @Test
    void severalAtOnceDownloadOnce() {
        List<CompletableFuture<Path>> all = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> resolve("org/tiny")))
                .limit(4)
                .toList();

        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(hub.requests("GET")).filteredOn(path -> path.contains("lfs")).hasSize(1);
    }

    @Test
    void withoutLinksSnapshotsHoldTheFilesThemselves() {
        Path snapshot = resolve("org/tiny", settings(hub.endpoint(), Duration.ofSeconds(5), false, false));

        assertThat(Files.isSymbolicLink(snapshot.resolve("config.json"))).isFalse();
        assertThat(snapshot.resolve("config.json")).hasBinaryContent(hub.files.get("config.json"));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(hub.files.get("model.safetensors"));
    }

    @Test
    void aFolderIsUsedAsItIs() throws IOException {
        assertThat(resolve(folder.toString())).isEqualTo(folder);
        assertThat(resolve("~")).isEqualTo(Path.of(System.getProperty("user.home")));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(fails(file.toString())).hasMessageContaining("is a file");
        assertThat(hub.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tiny",
                "/no/such/folder",
                "./no/such",
                "~/no/such/folder",
                "a/b/c",
                "org/../x",
                "org/a--b",
                "org/x.git",
                "org./x",
                "org/tiny@",
                "org/tiny@../x",
                "org/tiny@a//b",
                "org/tiny@-x",
                "org/ti ny",
                "org/tiny?x",
                "https://host/org/tiny"
            })
    void whatIsNeitherFolderNorNameIsRefused(String text) {
        HubException failure = fails(text);

        assertThat(failure.reason()).isEqualTo(Reason.NAME);
        assertThat(failure).hasMessageContaining("'" + text + "'");
        assertThat(hub.seen).isEmpty();
    }

    private HubSettings settings() {
        return settings(hub.endpoint(), Duration.ofSeconds(5), true, false);
    }

    private HubSettings settings(String endpoint, Duration timeout, boolean symlinks, boolean offline) {
        return new HubSettings(
                folder.resolve("hub"),
                URI.create(endpoint),
                Optional.of(TOKEN),
                offline,
                symlinks,
                3,
                Duration.ofMillis(1),
                timeout,
                Optional.empty());
    }

    private Path resolve(String model) {
        return resolve(model, settings());
    }

    private static Path resolve(String model, HubSettings settings) {
        return ModelHub.resolve(model, settings, ProgressListener.NONE);
    }

    private HubException fails(String model) {
        return catchThrowableOfType(HubException.class, () -> resolve(model));
    }

    private List<String> ranges(String path) {
        return hub.seen.stream()
                .filter(one -> one.path().equals(path))
                .map(Seen::range)
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).toList();
        }
    }
}
