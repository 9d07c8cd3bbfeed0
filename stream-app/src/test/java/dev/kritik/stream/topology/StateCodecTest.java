/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.kritik.schema.Message;
import dev.kritik.schema.TraceContext;
import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Opening;
import dev.kritik.stream.core.GroupState.Roll;
import dev.kritik.stream.core.Hash;
import dev.kritik.stream.core.Indices;
import dev.kritik.stream.core.Member;
import dev.kritik.stream.core.Sample;
import dev.kritik.stream.core.Terms;
import dev.kritik.stream.core.adaptive.Goal;
import dev.kritik.stream.core.jury.Experience;
import dev.kritik.stream.core.jury.Moments;
import dev.kritik.stream.core.rule.Ruling;

class StateCodecTest {

    private final StateCodec codec = new StateCodec();

    private static final Hash HASH = Hash.of(List.of("x"));
    private static final Roll ROLL = new Roll(Indices.of(List.of(0, 3, 9)), Indices.of(List.of(1)));
    private static final Terms TERMS = new Terms(HASH, 17, 8, null, 4, null, Goal.FIXED);

    /** As version 1 could keep it: without a hint. */
    private static final List<GroupState> STATES = List.of(
            new Collecting(new Opening(12, 1000, null), 2000, null, null, ROLL),
            new Collecting(new Opening(12, 1000, 5L), 2000, 1500L, TERMS, ROLL),
            new Judging(
                    new Opening(12, 1000, 5L),
                    1100,
                    1100,
                    2000,
                    new Terms(HASH, 17, 8, 3, 4, null, Goal.FIXED),
                    ROLL,
                    Indices.of(List.of(0, 9)),
                    8,
                    2),
            new Closed(9000, Indices.of(List.of(0, 1, 3, 9))));

    @Test
    void readsWhatItWrote() {
        assertThat(STATES)
                .allSatisfy(state -> assertThat(codec.state(codec.write(state))).isEqualTo(state));
        var hinted = new Collecting(
                new Opening(4, 1000, null), 2000, null, new Terms(HASH, 17, 1, 0, 8, 3, Goal.FIXED), ROLL);
        assertThat(codec.state(codec.write(hinted))).isEqualTo(hinted);
        var inRounds = new Judging(
                new Opening(4, 1000, null),
                1100,
                1700,
                2000,
                new Terms(HASH, 17, 8, 0, 8, null, Goal.ADVANTAGES),
                ROLL,
                Indices.of(List.of(0, 3)),
                3,
                2);
        assertThat(codec.state(codec.write(inRounds))).isEqualTo(inRounds);
        assertThat(codec.state(null)).isEqualTo(new GroupState.Absent());
        var query = new Query(List.of(new Message("user", "\u4f60\u597d")), null);
        assertThat(codec.query(codec.write(query))).isEqualTo(query);
        var member = new Member(3, HASH, 5, null, 1, new Ruling("short", 1.5, List.of("odd", "short")));
        assertThat(codec.member(3, codec.write(member, "text"))).isEqualTo(member);
        assertThat(codec.text(codec.write(member, "text"))).isEqualTo("text");
        assertThat(codec.text(codec.write(member, null))).isNull();
        var sample = new Sample(
                1,
                2,
                "OK",
                null,
                List.of(new Sample.Score(0, 7)),
                -1.5,
                "judge:model@1",
                "mild",
                "strict",
                "meta",
                100,
                20);
        assertThat(codec.sample(codec.write(sample))).isEqualTo(sample);
        var learned = new Experience(2.5, Map.of("mild", new Moments(8, 65), "strict", new Moments(3, 10)));
        assertThat(codec.experience(codec.write(learned))).isEqualTo(learned);
        assertThat(codec.experience(null)).isEqualTo(Experience.NONE);
        TraceContext trace = TraceContext.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1")
                .orElseThrow();
        assertThat(codec.trace(codec.write(trace))).contains(trace);
        assertThat(codec.trace(null)).isEmpty();
    }

    @Test
    void readsWhatEarlierVersionsWrote() {
        // Bytes as version 1 wrote them: they stand in stores and changelogs and must be readable for ever.
        String judging = "0000000065" + "02" + "18d00f020a9811a01f"
                + "40e742abc7c8651d42db9d6572cba14b1ce6b7d7f21229cdb399d1f8bdc09ebf65" + "2210020608" + "040902"
                + "0202" + "040102" + "04";
        String closed = "0000000065" + "04" + "d08c01" + "040b02";

        assertThat(codec.state(HexFormat.of().parseHex(judging))).isEqualTo(STATES.get(2));
        assertThat(codec.state(HexFormat.of().parseHex(closed))).isEqualTo(STATES.get(3));

        // Version 2 adds a hint to the terms.
        judging = "0000000066" + "02" + "18d00f020a9811a01f"
                + "40e742abc7c8651d42db9d6572cba14b1ce6b7d7f21229cdb399d1f8bdc09ebf65" + "2210020608" + "00" + "040902"
                + "0202" + "040102" + "04";
        closed = "0000000066" + "04" + "d08c01" + "040b02";

        assertThat(codec.state(HexFormat.of().parseHex(judging))).isEqualTo(STATES.get(2));
        assertThat(codec.state(HexFormat.of().parseHex(closed))).isEqualTo(STATES.get(3));
    }

    @Test
    void readsAndWritesMembersOfEveryVersion() {
        String first = "40e742abc7c8651d42db9d6572cba14b1ce6b7d7f21229cdb399d1f8bdc09ebf65" + "0a" + "020874657874"
                + "00" + "0202";
        var plain = new Member(3, HASH, 5, null, 1, Ruling.NONE);
        var ruled = new Member(3, HASH, 5, null, 1, new Ruling("short", 1.5, List.of("odd", "short")));

        assertThat(codec.member(3, HexFormat.of().parseHex("000000012d" + first)))
                .isEqualTo(plain);
        assertThat(codec.text(HexFormat.of().parseHex("000000012d" + first))).isEqualTo("text");

        // Version 2 adds what rules said.
        assertThat(HexFormat.of().formatHex(codec.write(plain, "text")))
                .isEqualTo("000000012e" + first + "00" + "00" + "00");
        assertThat(HexFormat.of().formatHex(codec.write(ruled, "text")))
                .isEqualTo("000000012e" + first + "020a73686f7274" + "02000000000000f83f" + "0406" + "6f6464" + "0a"
                        + "73686f7274" + "00");
    }

    @Test
    void writesTheBytesOfTheNewestVersion() {
        // Version 3 adds a goal to the terms, and how far a group is that is judged in rounds.
        String judging = "0000000067" + "02" + "18d00f020a9811a01f"
                + "40e742abc7c8651d42db9d6572cba14b1ce6b7d7f21229cdb399d1f8bdc09ebf65" + "2210020608" + "00"
                + "0a6669786564" + "040902" + "0202" + "040102" + "04" + "029811" + "0210";
        String closed = "0000000067" + "04" + "d08c01" + "040b02";

        assertThat(HexFormat.of().formatHex(codec.write(STATES.get(2)))).isEqualTo(judging);
        assertThat(codec.state(HexFormat.of().parseHex(judging))).isEqualTo(STATES.get(2));
        assertThat(HexFormat.of().formatHex(codec.write(STATES.get(3)))).isEqualTo(closed);
        assertThat(codec.state(HexFormat.of().parseHex(closed))).isEqualTo(STATES.get(3));
    }

    @Test
    void neverChangesAVersionThatWasOnceKept() {
        // A new version gets a new file and a new number; see StateSchemas.
        var schemas = new StateSchemas();
        assertThat(Stream.of(101, 102, 103, 201, 301, 302, 401, 402, 501, 601)
                        .map(schemas::schemaById)
                        .map(schema -> Long.toHexString(SchemaNormalization.parsingFingerprint64(schema))))
                .containsExactly(
                        "62e64d7b938d8958",
                        "7d7e8d1a53d79462",
                        "1239fb666b14f9d5",
                        "db2fafad3ddf18af",
                        "225e74ff045f3711",
                        "3084a7e344a1a33f",
                        "326f7d6fbe859740",
                        "e655528cfd53a48c",
                        "3d4979a9a2b7c0fe",
                        "2a066f7615e58a9e");
    }
}
