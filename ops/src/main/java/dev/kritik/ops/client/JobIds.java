/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Ids for jobs that nobody named. */
public final class JobIds {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private JobIds() {}

    /** An id that no other run has: the kind of run, the time (UTC), and chance. */
    public static String unique(String kind) {
        byte[] chance = new byte[4];
        new SecureRandom().nextBytes(chance);
        return kind + "-" + TIME.format(Instant.now()) + "-" + HexFormat.of().formatHex(chance);
    }
}
