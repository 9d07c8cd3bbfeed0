/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the topics tell about the last hour or so: counts over time, groups, dead letters. Pure: no Kafka, no clock; whoever
 * reads the topics ({@link dev.kritik.monitor.dashboard}) hands in records and the time.
 */
package dev.kritik.monitor.watch;
