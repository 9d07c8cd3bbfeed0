/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What Kritik decides, as pure functions: no Kafka, no clock, no input or output, and no chance but from hashes of what
 * is judged. The same events at the same times give the same records, wherever and however often they run.
 */
package dev.kritik.stream.core;
