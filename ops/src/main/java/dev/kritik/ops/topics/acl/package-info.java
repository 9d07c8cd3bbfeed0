/* SPDX-License-Identifier: Apache-2.0 */
/** What each role of an installation may do on a Kafka cluster, as lists; pure: nothing here talks to a broker. */
package dev.kritik.ops.topics.acl;
