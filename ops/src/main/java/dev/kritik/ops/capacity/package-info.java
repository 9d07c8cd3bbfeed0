/* SPDX-License-Identifier: Apache-2.0 */
/** What an installation needs for a load, and what binds first. */
package dev.kritik.ops.capacity;
