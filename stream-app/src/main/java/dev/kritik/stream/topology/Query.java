/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.util.List;

import dev.kritik.schema.Message;

/** What all members of a group answer. The reference may be null. */
record Query(List<Message> messages, String reference) {}
