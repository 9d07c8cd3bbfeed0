/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import picocli.CommandLine.Command;

/** {@code kritik faults}: strikes a whole installation on this machine, and says whether every promise held. */
@Command(
        name = "faults",
        description = {
            "Start a whole installation on this machine (three brokers, registry, two stream-apps, three workers, a gateway, a "
                    + "recorded judge), publish groups through a ledger, strike it with faults that follow from a seed, heal all, and "
                    + "audit the topics: is anything lost, doubled, wrong or late without a word?",
            "The same seed gives the same faults and the same groups."
        },
        subcommands = {FaultsRun.class, FaultsEach.class, FaultsRecovery.class, FaultsList.class})
public final class FaultsCommand {}
