/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.kafka.common.KafkaException;

/**
 * The registry gave no usable answer: unreachable, failing, or refusing our credentials. Nothing is wrong with the
 * record at hand. Stop, and try the same record again later; never treat it as bad input.
 */
public final class RegistryUnavailableException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(String message) {
        super(message);
    }

    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
