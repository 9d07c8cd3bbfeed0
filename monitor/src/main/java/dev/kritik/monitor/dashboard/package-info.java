/* SPDX-License-Identifier: Apache-2.0 */
/** {@code kritik dashboard}: reads the topics and the lag, and serves the page. Writes nothing to Kafka, and joins no group. */
package dev.kritik.monitor.dashboard;
