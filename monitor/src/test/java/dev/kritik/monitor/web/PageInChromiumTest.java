/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.GroupPlaces;
import dev.kritik.monitor.watch.Place;
import dev.kritik.schema.config.Address;
import dev.kritik.telemetry.Health;

/**
 * The page in a real browser: Chromium at /usr/bin/chromium, or where the environment variable KRITIK_CHROMIUM says; skipped
 * where there is none. Installed with {@code apt-get install chromium}.
 */
@Timeout(120)
class PageInChromiumTest {

    private static final int DESKTOP = 1280;
    private static final int PHONE = 360;

    @TempDir
    private static Path profile;

    private static FakeInstallation fake;
    private static DashboardServer server;
    private static Chromium chromium;
    private static String axe;
    private static volatile boolean brokersAnswer = true;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(program.isPresent(), "there is no Chromium (/usr/bin/chromium, KRITIK_CHROMIUM)");
        fake = new FakeInstallation(7);
        fake.happened(60, System.currentTimeMillis(), 900_000);
        server = server(0);
        chromium = new Chromium(program.get(), profile);
        String script = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream in = Objects.requireNonNull(PageInChromiumTest.class.getResourceAsStream(script), script)) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static DashboardServer server(int port) {
        Health well = new Health() {
            @Override
            public Optional<String> dead() {
                return Optional.empty();
            }

            @Override
            public Optional<String> idle() {
                return Optional.empty();
            }
        };
        Bodies bodies = new Bodies() {
            @Override
            public Group group(GroupPlaces places) {
                if (!brokersAnswer) {
                    throw new Unavailable("Kafka does not answer; try again.", null);
                }
                return fake.group(places);
            }

            @Override
            public Optional<DeadLetter> deadLetter(Place place) {
                return fake.deadLetter(place);
            }
        };
        DashboardServer started = new DashboardServer(
                new WebConfig(new Address("127.0.0.1", port), Optional.empty(), List.of(), 20),
                fake.watch,
                bodies,
                well,
                () -> "",
                InstantSource.system());
        started.start();
        return started;
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void fresh() {
        brokersAnswer = true;
        chromium.size(DESKTOP, 900, 1);
        chromium.scheme("light");
        chromium.forgive();
    }

    /** No error, no warning, no violation of the policy, nothing run that stood in a text, nothing fetched from elsewhere. */
    @AfterEach
    void nothingWasComplainedOf() {
        assertThat(chromium.complaints()).isEmpty();
        assertThat(chromium.eval("window.hacked ?? null").isNull()).isTrue();
        assertThat(chromium.requests())
                .allMatch(url ->
                        url.startsWith(server.uri().toString()) || url.startsWith("data:") || url.startsWith("about:"));
    }

    private static void show(String path, String sign) {
        chromium.open(server.uri() + path);
        chromium.until("document.querySelector(" + Chromium.quoted(sign) + ")");
    }

    private static String path() {
        return chromium.eval("location.pathname + location.search").asText();
    }

    @Test
    void oneClicksThroughAllViewsAndBack() {
        // Given
        show("/", ".stage");
        assertThat(chromium.eval("document.title").asText()).isEqualTo("Overview – Kritik");

        // When // Then
        chromium.click("nav a[href='/groups']");
        chromium.until("document.querySelectorAll('table.groups tbody tr').length > 20");
        chromium.click("table.groups tbody tr:nth-child(8) a");
        chromium.until("document.querySelector('table.votes')");
        assertThat(path()).startsWith("/group?job=run-7&group=q-");
        assertThat(chromium.text("main")).contains("How the vote went", "Specific Criteria", "Response #0");
        chromium.click("nav a[href='/dead-letters']");
        chromium.until("document.querySelectorAll('.letter').length === 4");
        chromium.until("document.querySelector('.choices a[href*=UNDECODABLE]')");
        chromium.click(".choices a[href*=UNDECODABLE]");
        chromium.until("document.querySelectorAll('.letter').length === 2");
        chromium.click(".letter summary");
        chromium.click(".letter button");
        chromium.until("document.querySelector('.bytes')?.textContent.includes('not a rollout')");
        chromium.eval("history.back()");
        chromium.eval("history.back()");
        chromium.until("document.querySelector('table.votes')");
    }

    @Test
    void filtersStandInTheAddressAndAddressesSetFilters() {
        // Given
        show("/groups?status=FAILED", "table.groups tbody tr");

        // Then
        chromium.until(
                "[...document.querySelectorAll('table.groups .chip')].every(one => one.textContent === 'FAILED')");
        assertThat(chromium.eval("document.getElementById('status').value").asText())
                .isEqualTo("FAILED");

        // When
        show("/groups", "table.groups tbody tr");
        chromium.click("#q");
        "1015".chars().forEach(character -> chromium.key(Character.toString(character)));

        // Then
        chromium.until("location.search === '?q=1015'");
        chromium.until("document.querySelectorAll('table.groups tbody tr').length === 1");
        assertThat(chromium.eval("document.activeElement.id").asText()).isEqualTo("q");
    }

    @Test
    void liveUpdatesArriveAndLeaveFocusAndSelectionAlone() {
        // Given
        show("/", "table.groups tbody tr");
        chromium.eval("document.querySelector('table.groups tbody a').focus()");
        chromium.eval("getSelection().selectAllChildren(document.querySelector('.part-outcomes'))");
        String focused = chromium.eval("document.activeElement.textContent").asText();
        String selected =
                chromium.eval("getSelection().toString().split('\\n')[0]").asText();

        // When
        fake.group("brand-new", System.currentTimeMillis() - 500, System.currentTimeMillis(), false);

        // Then
        chromium.until("document.querySelector('table.groups').textContent.includes('brand-new')");
        assertThat(chromium.eval("document.activeElement.textContent").asText()).isEqualTo(focused);
        assertThat(chromium.eval("getSelection().toString().split('\\n')[0]").asText())
                .isEqualTo(selected)
                .isNotEmpty();
        assertThat(chromium.text("#state")).isEqualTo("live");
    }

    @Test
    void thePauseButtonHoldsThePageStill() {
        // Given
        show("/", "table.groups tbody tr");
        chromium.click("#pause");

        // When
        fake.group("while-paused", System.currentTimeMillis() - 500, System.currentTimeMillis(), true);
        long asked = chromium.requests().size();
        await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);

        // Then
        assertThat(chromium.text("#state")).isEqualTo("paused");
        assertThat(chromium.text("main")).doesNotContain("while-paused");
        assertThat(chromium.requests()).hasSize((int) asked);

        // When
        chromium.key("p");

        // Then
        chromium.until("document.querySelector('main').textContent.includes('while-paused')");
    }

    @Test
    void textsThatLookLikeMarkupStayTexts() {
        // When
        show("/group?job=run-7&group=q-1050", "table.votes");

        // Then
        assertThat(chromium.text(".messages")).contains(FakeInstallation.ATTACK);
        assertThat(chromium.text(".cards")).contains(FakeInstallation.ATTACK);
        assertThat(chromium.text(".sample")).contains("Meta RM");
        assertThat(chromium.eval("document.querySelectorAll('main script, main img').length")
                        .asInt())
                .isZero();

        // When
        show("/dead-letters", ".letter");

        // Then
        assertThat(chromium.text(".letters")).contains(FakeInstallation.ATTACK);
        assertThat(chromium.eval("document.querySelectorAll('main script, main img').length")
                        .asInt())
                .isZero();
    }

    @Test
    void everythingIsReachedByKeys() {
        // Given
        show("/", ".stage");

        // When // Then
        chromium.key("Tab");
        assertThat(chromium.eval("document.activeElement.className").asText()).isEqualTo("skip");
        assertThat(chromium.eval("getComputedStyle(document.activeElement).outlineStyle")
                        .asText())
                .isNotEqualTo("none");
        chromium.key("Enter");
        chromium.until("document.activeElement.id === 'main'");
        chromium.key("g");
        chromium.until("location.pathname === '/groups'");
        chromium.key("/");
        assertThat(chromium.eval("document.activeElement.id").asText()).isEqualTo("q");
        chromium.eval("document.activeElement.blur()");
        chromium.key("?");
        chromium.until("document.getElementById('keys').open");
        chromium.key("Escape");
        chromium.until("!document.getElementById('keys').open");
        chromium.key("o");
        chromium.until("document.querySelector('.plot svg')");
        chromium.eval("document.querySelector('.plot').focus()");
        chromium.key("ArrowLeft");
        chromium.until("document.getElementById('say').textContent.includes('rollouts')");
        assertThat(chromium.eval("document.querySelector('.tip').hidden").asBoolean())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/groups", "/group?job=run-7&group=q-1050", "/dead-letters"})
    void aPhoneNeedsNoScrollingToTheSideAndAxeFindsNothingSerious(String view) {
        // Given
        show(view, ".panel, .list table");
        chromium.until("document.getElementById('state').textContent === 'live'");

        // Then
        assertThat(seriousIn("light, desktop")).isEmpty();

        // When
        chromium.scheme("dark");
        chromium.size(PHONE, 740, 2);

        // Then
        assertThat(chromium.eval("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(PHONE);
        assertThat(seriousIn("dark, phone")).isEmpty();
    }

    private static List<String> seriousIn(String what) {
        chromium.eval(axe + "; 0");
        JsonNode found =
                chromium.eval("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
                        + ".then(result => result.passes.length < 10 ? ['axe looked at nothing']"
                        + " : result.violations.filter(one => ['serious', 'critical'].includes(one.impact))"
                        + ".map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html + ' ' + node.failureSummary)"
                        + ".join(' | ')))");
        List<String> serious = new ArrayList<>();
        found.forEach(one -> serious.add(what + ": " + one.asText()));
        return serious;
    }

    @Test
    void coloursFollowTheSystemUntilSomebodyChooses() {
        // Given
        show("/", ".stage");
        String paper = "getComputedStyle(document.body).backgroundColor";
        String light = chromium.eval(paper).asText();

        // When // Then
        chromium.scheme("dark");
        String dark = chromium.eval(paper).asText();
        assertThat(dark).isNotEqualTo(light);
        chromium.click("#theme");
        assertThat(chromium.eval(paper).asText()).isEqualTo(light);
        chromium.eval("location.reload()");
        chromium.until("document.querySelector('.stage')");
        assertThat(chromium.eval(paper).asText()).isEqualTo(light);
        chromium.eval("localStorage.clear()");
    }

    @Test
    void whatCanNotBeReadIsSaidAndTriedAgain() {
        // Given
        brokersAnswer = false;
        chromium.open(server.uri() + "/group?job=run-7&group=q-1051");

        // Then
        chromium.until("document.querySelector('.error')?.textContent.includes('Kafka does not answer')");
        chromium.forgive(); // the browser logs the 503

        // When
        brokersAnswer = true;
        chromium.click(".error + button");

        // Then
        chromium.until("document.querySelector('table.votes')");
    }

    @Test
    void aDashboardThatEndsAndComesBackIsNoticed() {
        // Given
        show("/", ".stage");
        chromium.until("document.getElementById('state').textContent === 'live'");
        int port = server.uri().getPort();

        // When
        server.close();

        // Then
        chromium.until("document.getElementById('state').textContent === 'disconnected'");
        assertThat(chromium.text("#notice")).contains("connects again by itself");

        // When
        server = server(port);

        // Then
        chromium.until("document.getElementById('state').textContent === 'live'");
        assertThat(chromium.eval("document.getElementById('notice').hidden").asBoolean())
                .isTrue();
        chromium.forgive(); // the browser logs connections that were refused
    }
}
