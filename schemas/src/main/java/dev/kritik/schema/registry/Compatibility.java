/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

/** What a registry asks of a new version of a schema. The names are those of Confluent's protocol. */
public enum Compatibility {
    /** Anything goes. */
    NONE,
    /** New readers read what the last version wrote. */
    BACKWARD,
    /** New readers read what any version wrote. */
    BACKWARD_TRANSITIVE,
    /** Readers of the last version read what is new. */
    FORWARD,
    /** Readers of any version read what is new. */
    FORWARD_TRANSITIVE,
    /** Both ways with the last version. */
    FULL,
    /** Both ways with every version: what Kritik's contracts keep. */
    FULL_TRANSITIVE
}
