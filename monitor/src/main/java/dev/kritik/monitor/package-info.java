/* SPDX-License-Identifier: Apache-2.0 */
/** Looks at an installation from outside, through its topics and its brokers: lag, and a dashboard. */
package dev.kritik.monitor;
