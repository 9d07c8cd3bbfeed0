/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

/**
 * The headers of a record on {@code dead-letters}. Key and value are the bytes as they were read; the headers of the
 * original record come along under their own names. All values are UTF-8 text.
 */
public final class DeadLetter {

    /** Why the record could not be used: a code in capitals, such as {@code UNDECODABLE}. */
    public static final String REASON = "kritik.dead-letter.reason";

    /** The reason in words: what was wrong, and what to do. */
    public static final String DETAIL = "kritik.dead-letter.detail";

    /** The topic from which it was read. */
    public static final String TOPIC = "kritik.dead-letter.topic";

    /** The partition from which it was read, in decimal. */
    public static final String PARTITION = "kritik.dead-letter.partition";

    /** Its offset there, in decimal. */
    public static final String OFFSET = "kritik.dead-letter.offset";

    /** Who wrote the dead letter: {@code stream-app} or {@code gpu-worker}. */
    public static final String BY = "kritik.dead-letter.by";

    private DeadLetter() {}
}
