/* SPDX-License-Identifier: Apache-2.0 */
/** Old groups, judged once more under other settings and on topics of their own, and held against what they got then. */
package dev.kritik.ops.replay.rescore;
