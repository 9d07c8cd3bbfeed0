/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

/** What became of one request to a recorded judge. */
public enum Outcome {
    /** A recorded text was sent whole. */
    ANSWERED,
    /** A recorded logit was sent. */
    LOGIT,
    /** Nothing on record, or the recorded call had failed. */
    REFUSED,
    /** The request itself could not be used. */
    BAD_REQUEST,
    /** Turned away, for too many waited already: status 429. */
    QUEUE_FULL,
    /** Fault on purpose: status 429. */
    RATE_LIMITED,
    /** Fault on purpose: status 500. */
    SERVER_ERROR,
    /** Fault on purpose: never answered. */
    HANG,
    /** Fault on purpose: the connection was closed. */
    DROPPED,
    /** Fault on purpose: a text cut short. */
    TRUNCATED,
    /** Fault on purpose: a text without readable scores. */
    UNPARSABLE
}
