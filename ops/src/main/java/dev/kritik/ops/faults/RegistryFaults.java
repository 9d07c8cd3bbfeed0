/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.util.List;
import java.util.stream.Collectors;

import dev.kritik.local.LocalStack;
import dev.kritik.ops.local.RoleProcess;
import dev.kritik.ops.topics.Bootstrap;

/** What can be done to the registry. */
final class RegistryFaults {

    private final Harness harness;
    private final LocalStack stack;

    RegistryFaults(Harness harness) {
        this.harness = harness;
        this.stack = harness.stack();
    }

    Fault kill() {
        return Fault.of("registry", stack::killRegistry, stack::startRegistry);
    }

    /** Processes that start find nobody to ask. */
    Fault absent() {
        List<RoleProcess> restarted =
                List.of(harness.streams().getFirst(), harness.workers().getFirst());
        return Fault.of(
                "registry, with " + restarted.stream().map(RoleProcess::name).collect(Collectors.joining(" and ")),
                () -> {
                    stack.killRegistry();
                    for (RoleProcess role : restarted) {
                        harness.hold(role);
                        role.kill();
                        role.start();
                    }
                },
                () -> {
                    stack.startRegistry();
                    for (RoleProcess role : restarted) {
                        harness.bring(role);
                        harness.release(role);
                    }
                });
    }

    /**
     * All that it knew is gone; whoever runs the installation sets it up as at the first time. Some processes remember what it
     * said before, others start anew.
     */
    Fault wipe() {
        List<RoleProcess> fresh =
                List.of(harness.streams().getFirst(), harness.workers().getFirst());
        return Fault.of(
                "registry",
                () -> {
                    stack.killRegistry();
                    harness.metadata()
                            .delete(harness.metadata().names().stream()
                                    .filter(name -> name.startsWith("kafkasql") || name.equals("registry-events"))
                                    .toList());
                    stack.startRegistry();
                    String bad = Bootstrap.run(harness.config(), Bootstrap.Mode.CREATE).stream()
                            .filter(finding -> !finding.state().good())
                            .map(finding -> finding.thing() + ": " + finding.detail())
                            .collect(Collectors.joining("; "));
                    if (!bad.isEmpty()) {
                        throw new IllegalStateException("the registry can't be set up anew: " + bad);
                    }
                    for (RoleProcess role : fresh) {
                        harness.hold(role);
                        role.close();
                        harness.bring(role);
                        harness.release(role);
                    }
                },
                () -> {});
    }
}
