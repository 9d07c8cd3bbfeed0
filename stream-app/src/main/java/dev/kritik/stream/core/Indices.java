/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.BitSet;
import java.util.List;

/** An immutable set of indices of members, one bit each. */
public final class Indices {

    private static final Indices NONE = new Indices(new BitSet());

    private final BitSet bits;

    private Indices(BitSet bits) {
        this.bits = bits;
    }

    /** The empty set. */
    public static Indices none() {
        return NONE;
    }

    /** The set that {@link #bytes} wrote. */
    public static Indices from(byte[] bytes) {
        return new Indices(BitSet.valueOf(bytes));
    }

    /** The set of these indices. */
    public static Indices of(Iterable<Integer> indices) {
        BitSet bits = new BitSet();
        indices.forEach(bits::set);
        return new Indices(bits);
    }

    /** This set and one index more. */
    public Indices with(int index) {
        BitSet more = copy();
        more.set(index);
        return new Indices(more);
    }

    /** What is in this set or the other. */
    public Indices or(Indices other) {
        BitSet both = copy();
        both.or(other.bits);
        return new Indices(both);
    }

    /** Whether the index is in the set. */
    public boolean contains(int index) {
        return bits.get(index);
    }

    /** Number of indices in the set. */
    public int size() {
        return bits.cardinality();
    }

    /** The indices, ascending. */
    public List<Integer> list() {
        return bits.stream().boxed().toList();
    }

    /** The set as bytes, the lowest index in the lowest bit of the first byte; no byte more than needed. */
    public byte[] bytes() {
        return bits.toByteArray();
    }

    private BitSet copy() {
        return (BitSet) bits.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Indices indices && bits.equals(indices.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        return bits.toString();
    }
}
