/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

/**
 * Something that can run out.
 *
 * @param resource what it is
 * @param needed how much of it the load takes
 * @param available how much there is
 * @param rolloutsPerS load at which it is used up
 * @param way what to do then
 */
public record Limit(String resource, double needed, double available, double rolloutsPerS, String way) {

    /** Share that is used; above 1 it does not suffice. */
    public double used() {
        return needed / available;
    }
}
