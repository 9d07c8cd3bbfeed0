/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The figures for people. */
class PeersTableTest {

    private static final Work WORK = Work.of(5, 2, 0, 7);

    /** All rewards are right, and come at this rate; those whose numbers are named are 0. */
    private static PeerRun run(int round, String contender, double load, double perSecond, int... defaults) {
        List<Told> told = new ArrayList<>();
        for (Item item : WORK.items()) {
            told.add(new Told(item.id(), (double) item.expected(), null, (told.size() + 1) / perSecond));
        }
        for (int number : defaults) {
            told.set(
                    number,
                    new Told(told.get(number).id(), 0.0, null, told.get(number).seconds()));
        }
        Attempt attempt = new Attempt(contender + " 1.0", Map.of("tries", 3), "the client", told, 10);
        return PeerRun.of(round, contender, load, WORK, attempt, Map.of());
    }

    private static String markdown(List<PeerRun> runs, SequencedMap<String, String> missing) {
        return new PeersTable(runs, 10, missing).markdown();
    }

    @Test
    void eachIsHeldAgainstTheClientOfItsRound() {
        // Given: the second round has a machine half as fast
        String text = markdown(
                List.of(
                        run(1, "asyncio", 0, 4),
                        run(1, "kritik", 0, 6),
                        run(2, "kritik", 0, 2),
                        run(2, "asyncio", 0, 2)),
                new LinkedHashMap<>());

        assertThat(text)
                .contains("| asyncio | 1.00 | 3.0 (2.0 to 4.0) | 30.0 (20.0 to 40.0) % |")
                .contains("| kritik | 1.25 (1.00 to 1.50) | 4.0 (2.0 to 6.0) | 40.0 (20.0 to 60.0) % |")
                .contains("| asyncio | 20 | 20 | 0 | 0 | 0 | 0 | 100.0 % | 0.0 % |")
                .contains("- kritik: kritik 1.0, tries 3. Written for this bench: the client.");
    }

    @Test
    void latenciesStandInATableOfTheirOwn() {
        String text =
                markdown(List.of(run(1, "asyncio", 0.6, 10), run(1, "verl-naive", 0.6, 5)), new LinkedHashMap<>());

        assertThat(text)
                .contains("Rollouts come at 60 % of what the judge can:")
                .contains("| asyncio | 1.00 | 550 | 991 | 600 | 992 |")
                .contains("| verl-naive | 2.00 | 1100 | 1982 | 1200 | 1984 |")
                .doesNotContain("All rollouts at once");
    }

    @Test
    void madeUpRewardsAreCountedAndHarmTheirGroups() {
        String text =
                markdown(List.of(run(1, "asyncio", 0, 10), run(1, "some", 0, 10, 0, 1, 4)), new LinkedHashMap<>());

        assertThat(text).contains("| some | 10 | 7 | 0 | 3 | 0 | 0 | 60.0 % | 40.0 % |");
    }

    @Test
    void whoeverCouldNotRunIsNamed() {
        SequencedMap<String, String> missing = new LinkedHashMap<>();
        missing.put("trl", "No module named 'trl'");

        assertThat(markdown(List.of(run(1, "kritik", 0, 10)), missing))
                .contains("- left out: trl: No module named 'trl'")
                .contains("| kritik | – | 10.0 |");
    }
}
