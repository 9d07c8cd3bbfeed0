/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

/** A deadline could not be dealt with. Names the group, which nothing else would. */
final class DeadlineFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeadlineFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
