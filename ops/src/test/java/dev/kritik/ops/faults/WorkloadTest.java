/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dev.kritik.ops.faults.Parcel.Member;
import dev.kritik.ops.faults.Parcel.Misaddressed;
import dev.kritik.ops.faults.Parcel.Raw;
import dev.kritik.schema.Rollout;

class WorkloadTest {

    private static final int LONGEST = 1_000;

    private static Workload rough(long seed) {
        return new Workload(seed, "job", Workload.Mix.ROUGH, LONGEST);
    }

    private static List<Parcel> parcels(int count) {
        Workload workload = rough(1);
        return LongStream.range(0, count).mapToObj(workload::parcel).toList();
    }

    private static List<Rollout> members(Parcel parcel) {
        return parcel.postings().stream()
                .filter(Member.class::isInstance)
                .map(posting -> ((Member) posting).rollout())
                .toList();
    }

    @Test
    void aParcelFollowsFromSeedAndNumber() {
        for (long number = 0; number < 200; number++) {
            Parcel one = rough(5).parcel(number);
            Parcel same = rough(5).parcel(number);
            assertThat(members(same)).isEqualTo(members(one));
            assertThat(same.deadlineAfterMs()).isEqualTo(one.deadlineAfterMs());
            assertThat(same.postings()).hasSameSizeAs(one.postings());
        }
        assertThat(members(rough(6).parcel(0))).isNotEqualTo(members(rough(5).parcel(0)));
    }

    @Test
    void holdsEverythingThatCanGoWrong() {
        List<Parcel> all = parcels(2_000);

        assertThat(all.stream()
                        .filter(Predicate.not(Parcel::gateway))
                        .flatMap(parcel -> members(parcel).stream())
                        .map(Rollout::getGroupSize)
                        .collect(Collectors.toSet()))
                .contains(1, 2, 8, 16);
        assertThat(all).anyMatch(WorkloadTest::comesTwice);
        assertThat(all).anyMatch(WorkloadTest::contradictsItself);
        assertThat(all).anyMatch(WorkloadTest::isLate);
        assertThat(all)
                .anyMatch(parcel -> members(parcel).stream()
                        .anyMatch(member -> member.getResponse().length() > LONGEST));
        assertThat(all).anyMatch(parcel -> members(parcel).stream().anyMatch(member -> member.getGroupAttempt() == 1));
        assertThat(all).anyMatch(Parcel::gateway);
        Set<String> poison = all.stream()
                .flatMap(parcel -> parcel.postings().stream())
                .filter(Raw.class::isInstance)
                .map(posting -> ((Raw) posting).why())
                .collect(Collectors.toSet());
        assertThat(poison)
                .containsExactlyInAnyOrder(
                        "no value", "empty value", "not framed", "unknown schema id", "no key", "key not UTF-8");
        assertThat(all).anyMatch(parcel -> parcel.postings().stream().anyMatch(Misaddressed.class::isInstance));
    }

    @Test
    void whatGoesThroughTheGatewayIsWholeAndClean() {
        assertThat(parcels(2_000).stream().filter(Parcel::gateway)).allSatisfy(parcel -> {
            List<Rollout> members = members(parcel);
            assertThat(members).hasSize(members.getFirst().getGroupSize());
            assertThat(members).allMatch(member -> member.getJobId().equals("job-http"));
        });
    }

    @Test
    void aSteadyLoadIsAllAlike() {
        Workload steady = new Workload(1, "job", Workload.Mix.STEADY, LONGEST);
        for (long number = 0; number < 50; number++) {
            assertThat(members(steady.parcel(number)))
                    .hasSize(4)
                    .allMatch(member -> member.getK() == 2 && member.getGoal().equals("fixed"));
        }
    }

    private static boolean comesTwice(Parcel parcel) {
        List<Rollout> members = members(parcel);
        return members.size() > Set.copyOf(members).size();
    }

    private static boolean contradictsItself(Parcel parcel) {
        return members(parcel).stream()
                        .map(member -> member.getGroupSize() + "" + member.getMessages())
                        .distinct()
                        .count()
                > 1;
    }

    private static boolean isLate(Parcel parcel) {
        return parcel.deadlineAfterMs() != null
                && parcel.postings().stream().anyMatch(posting -> posting.afterMs() > parcel.deadlineAfterMs());
    }
}
