/* SPDX-License-Identifier: Apache-2.0 */
/** What processes take from the machine over a long run, and whether it grows. */
package dev.kritik.ops.vitals;
