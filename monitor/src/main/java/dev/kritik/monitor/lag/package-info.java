/* SPDX-License-Identifier: Apache-2.0 */
/** How far groups are behind the topics that they read, in records and in seconds: consumer groups and share groups. */
package dev.kritik.monitor.lag;
