/* SPDX-License-Identifier: Apache-2.0 */
/** The core as a Kafka Streams topology: stores, deadlines, sources and sinks. */
package dev.kritik.stream.topology;
