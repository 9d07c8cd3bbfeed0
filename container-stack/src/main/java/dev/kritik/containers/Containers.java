/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.containers;

import dev.kritik.local.StackRunner;

/** Broker and registry in containers, by Testcontainers. */
public final class Containers implements StackRunner {

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public Programs open() {
        return new ContainerPrograms();
    }
}
