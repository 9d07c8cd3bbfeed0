/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which sample a request is for, as Kritik's worker says in the header {@code X-Request-Id}:
 * {@code job/group/attempt/pPANEL/sSAMPLE}, and {@code /tTRY} behind it where a judge is asked. The one place that reads
 * this form.
 *
 * @param group the group, which may hold slashes itself; percent-encoded in the header where it is not visible ASCII
 * @param sample number of the sample, from 0
 */
record SampleId(String group, int sample) {

    private static final Pattern FORM = Pattern.compile("[^/]*/(.*)/\\d+/p\\d+/s(\\d{1,9})(?:/t\\d+)?");

    /** Reads the header; empty when it is missing or says something else. */
    static Optional<SampleId> parse(String header) {
        Matcher matcher = FORM.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            // URLDecoder would take a plus sign for a space.
            String group = URLDecoder.decode(matcher.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return Optional.of(new SampleId(group, Integer.parseInt(matcher.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a stray percent sign: not written by our worker
        }
    }
}
