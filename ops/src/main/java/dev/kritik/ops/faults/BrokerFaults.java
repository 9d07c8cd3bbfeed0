/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.time.Duration;
import java.util.List;

import dev.kritik.local.LocalStack;
import dev.kritik.local.TcpProxy;
import dev.kritik.ops.faults.Fault.NotPossible;

/** What can be done to brokers. Each is healed when all copies are in sync again. */
final class BrokerFaults {

    private static final Duration IN_SYNC = Duration.ofMinutes(4);

    private final Harness harness;
    private final LocalStack stack;

    BrokerFaults(Harness harness) {
        this.harness = harness;
        this.stack = harness.stack();
    }

    Fault kill(int broker) throws InterruptedException {
        List<Integer> led = harness.metadata().ledBy(broker);
        return Fault.of(
                Harness.brokerName(broker),
                led,
                () -> {
                    harness.hold(Harness.brokerName(broker));
                    stack.killBroker(broker);
                },
                () -> back(broker));
    }

    Fault pause(int broker) {
        return Fault.of(
                Harness.brokerName(broker),
                () -> {
                    harness.hold(Harness.brokerName(broker));
                    stack.pauseBroker(broker);
                },
                () -> {
                    stack.resumeBroker(broker);
                    back(broker);
                });
    }

    Fault roll() {
        return Fault.of(
                "brokers",
                () -> {
                    for (int broker = 0; broker < Harness.BROKERS; broker++) {
                        harness.hold(Harness.brokerName(broker));
                        stack.stopBroker(broker);
                        back(broker);
                    }
                },
                () -> {});
    }

    Fault cutOff(int broker, boolean hang) {
        List<TcpProxy> links = stack.linksTo(broker);
        return Fault.of(
                Harness.brokerName(broker) + (hang ? ", its peers' calls hang" : ", its peers' calls are refused"),
                () -> links.forEach(hang ? TcpProxy::hang : TcpProxy::cut),
                () -> {
                    links.forEach(TcpProxy::open);
                    harness.metadata().awaitInSync(IN_SYNC);
                });
    }

    Fault disk() throws NotPossible {
        SmallDisk disk = harness.brokerDisk()
                .orElseThrow(() -> new NotPossible(
                        Arsenal.impossible(FaultKind.BROKER_DISK).orElse("no small disk")));
        int broker = Harness.DISK_BROKER;
        return Fault.of(
                Harness.brokerName(broker),
                () -> {
                    harness.hold(Harness.brokerName(broker));
                    disk.fill();
                },
                () -> {
                    disk.free();
                    back(broker);
                });
    }

    Fault moveLeaders() {
        return Fault.of("all partitions", () -> harness.metadata().moveLeaders(), () -> {});
    }

    private void back(int broker) throws InterruptedException {
        stack.startBroker(broker);
        harness.metadata().awaitInSync(IN_SYNC);
        harness.release(Harness.brokerName(broker));
    }
}
