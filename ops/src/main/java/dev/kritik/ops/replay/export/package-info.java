/* SPDX-License-Identifier: Apache-2.0 */
/** What stands on the topics, as files: the same part of the topics gives the same bytes. */
package dev.kritik.ops.replay.export;
