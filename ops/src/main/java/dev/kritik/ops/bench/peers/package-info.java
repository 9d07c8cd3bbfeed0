/* SPDX-License-Identifier: Apache-2.0 */
/** {@code kritik bench peers}: Kritik beside what others use to get rewards from a judge, on the same work. */
package dev.kritik.ops.bench.peers;
