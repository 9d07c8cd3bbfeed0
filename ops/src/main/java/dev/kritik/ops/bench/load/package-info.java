/* SPDX-License-Identifier: Apache-2.0 */
/** Load on an installation, and the time that it takes; used by several benches. */
package dev.kritik.ops.bench.load;
