/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values from the W3C recommendation "Trace Context", level 1, and from its test suite. */
class TraceContextTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String STATE = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

    private static TraceContext context(String parent) {
        return TraceContext.parse(parent, null).orElseThrow();
    }

    private static String state(String state) {
        return TraceContext.parse(PARENT, state).orElseThrow().state();
    }

    @Test
    void readsAndWritesTheExamplesOfTheRecommendation() {
        assertThat(TraceContext.parse(PARENT, STATE))
                .contains(new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, STATE));
        assertThat(context(PARENT).parent()).isEqualTo(PARENT);
        String unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        assertThat(context(unsampled).parent()).isEqualTo(unsampled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                // no trace, no span
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                // upper case, other characters
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473.-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-.0",
                ".0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                // too short, too long
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e47360-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "000-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                // nothing may follow in version 00; version ff is none
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what-the-future-will-be-like",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                // Arabic digits are digits, but none of hexadecimal numbers
                "00-4bf92f3577b34da6a3ce929d0e0e473\u0661-00f067aa0ba902b7-01"
            })
    void takesWhatIsNoContextForNone(String parent) {
        assertThat(TraceContext.parse(parent, STATE)).isEmpty();
        assertThat(TraceContext.parse(null, STATE)).isEmpty();
    }

    @Test
    void readsWhatItKnowsOfLaterVersionsAndWritesItsOwn() {
        String rest = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(context("cc-" + rest).parent()).isEqualTo("00-" + rest);
        assertThat(context("cc-" + rest + "-what-the-future-will-be-like").parent())
                .isEqualTo("00-" + rest);
    }

    @Test
    void passesOnOnlyTheFlagsThatAreKnown() {
        assertThat(context(PARENT.substring(0, 53) + "ff").parent()).endsWith("-03");
        assertThat(context(PARENT.substring(0, 53) + "04").parent()).endsWith("-00");
    }

    @Test
    void givesEachHopASpanOfItsOwnInTheSameTrace() {
        TraceContext first = TraceContext.parse(PARENT, STATE).orElseThrow();

        TraceContext next = first.next("request job/group/0");

        assertThat(TraceContext.parse(next.parent(), next.state())).contains(next);
        assertThat(next.traceId()).isEqualTo(first.traceId());
        assertThat(next.flags()).isEqualTo(first.flags());
        assertThat(next.state()).isEqualTo(STATE);
        assertThat(next.spanId())
                .isNotEqualTo(first.spanId())
                .isEqualTo(first.next("request job/group/0").spanId())
                .isNotEqualTo(first.next("request job/group/1").spanId())
                .isNotEqualTo(next.next("request job/group/0").spanId());
    }

    @Test
    void keepsAStateThatItCanReadAndLeavesOutAnother() {
        assertThat(state("foo=1 \t , \t bar=2")).isEqualTo("foo=1,bar=2");
        assertThat(state("foo=1,,bar=2,")).isEqualTo("foo=1,bar=2");
        assertThat(state("t-0_*/@v-0_*/=1")).isEqualTo("t-0_*/@v-0_*/=1");
        assertThat(state("0tenant@v=a b")).isEqualTo("0tenant@v=a b");
        assertThat(state(null)).isEmpty();
        for (String bad : new String[] {
            "foo",
            "foo=1,foo=2",
            "FOO=1",
            "0foo=1",
            "foo=a=b",
            "foo@=1",
            "@foo=1",
            "foo@@bar=1",
            "foo =1",
            "foo=\u00e9",
            "z".repeat(257) + "=1",
            "foo=" + "v".repeat(257)
        }) {
            assertThat(state(bad)).as(bad).isEmpty();
        }
        assertThat(state(members(32, 1))).isEqualTo(members(32, 1));
        assertThat(state(members(33, 1))).isEmpty();
    }

    @Test
    void shortensAStateByWholeMembers() {
        String large = "large=" + "v".repeat(200);

        assertThat(state(members(20, 14) + "," + large)).isEqualTo(members(20, 14));
        assertThat(state(members(30, 14))).isEqualTo(members(27, 14)).hasSizeLessThanOrEqualTo(512);
    }

    private static String members(int count, int valueLength) {
        return IntStream.range(0, count)
                .mapToObj(each ->
                        "k" + (char) ('a' + each / 26) + (char) ('a' + each % 26) + "=" + "v".repeat(valueLength))
                .collect(Collectors.joining(","));
    }

    @Test
    void standsInTheHeadersOfARecordOnce() {
        var headers = new RecordHeaders();
        assertThat(TraceHeaders.of(headers)).isEmpty();
        TraceContext first = TraceContext.parse(PARENT, STATE).orElseThrow();

        TraceHeaders.put(headers, first);
        TraceHeaders.put(headers, first.next("again"));

        assertThat(TraceHeaders.of(headers)).isEqualTo(Optional.of(first.next("again")));
        assertThat(headers.headers(TraceContext.PARENT)).hasSize(1);
        headers.add(TraceContext.PARENT, "nonsense".getBytes(StandardCharsets.UTF_8));
        assertThat(TraceHeaders.of(headers)).isEmpty();
        headers.add(TraceContext.PARENT, null);
        assertThat(TraceHeaders.of(headers)).isEmpty();
    }
}
