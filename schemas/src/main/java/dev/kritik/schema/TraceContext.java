/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a request belongs in a distributed trace, as the W3C recommendation "Trace Context" has it: the headers
 * {@code traceparent} and {@code tracestate}. Kritik only passes it on, each hop with a span id of its own: it starts no
 * trace, and reports no spans.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId the id of whoever sent it, 16 lower-case hexadecimal digits, not all zero
 * @param flags 0 to 255; only the bits that the recommendation names are passed on (sampled, random)
 * @param state what tracing systems say to themselves ({@code tracestate}); empty for nothing
 */
public record TraceContext(String traceId, String spanId, int flags, String state) {

    /** The header of trace id, span id and flags. */
    public static final String PARENT = "traceparent";

    /** The header of the tracing systems. */
    public static final String STATE = "tracestate";

    /** The flags that are known: sampled (01), random trace id (02). Others must not be passed on. */
    private static final int KNOWN_FLAGS = 0x03;

    private static final Pattern FORM =
            Pattern.compile("(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})"
                    + "(?<more>-.*)?");
    private static final Pattern MEMBER = Pattern.compile("(?:[a-z][a-z0-9_\\-*/]{0,255}"
            + "|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13})"
            + "=[ !-+\\--<>-~]{0,255}[!-+\\--<>-~]");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final int MOST_MEMBERS = 32;

    /** So many characters must be passed on; what is longer is cut, a whole member at a time. */
    private static final int MOST_STATE = 512;

    private static final int LONG_MEMBER = 128;

    /**
     * The context in a header. Anything that is no context is none, as the recommendation asks: never an error. A state that
     * can't be read is left out.
     *
     * @param parent value of {@code traceparent}; may be null
     * @param state value of {@code tracestate}; may be null
     */
    public static Optional<TraceContext> parse(String parent, String state) {
        Matcher form = parent == null ? null : FORM.matcher(parent);
        if (form == null || !form.matches()) {
            return Optional.empty();
        }
        String version = form.group("version");
        // A later version may say more at the end; the first has nothing there, and ff is none.
        boolean known = version.equals("00") ? form.group("more") == null : !version.equals("ff");
        if (!known || form.group("trace").equals(NO_TRACE) || form.group("span").equals(NO_SPAN)) {
            return Optional.empty();
        }
        return Optional.of(new TraceContext(
                form.group("trace"),
                form.group("span"),
                HexFormat.fromHexDigits(form.group("flags")) & KNOWN_FLAGS,
                readable(state)));
    }

    /**
     * The same trace as the next hop sends it on.
     *
     * @param hop what the next hop does, such as {@code request job/group/0}: the same hop of the same context gets the same
     *     span id, so that what is done again is known again
     */
    public TraceContext next(String hop) {
        String span = HexFormat.of().formatHex(Sha256.of(traceId + "-" + spanId + "-" + hop), 0, NO_SPAN.length() / 2);
        return child(span.equals(NO_SPAN) ? "1".repeat(NO_SPAN.length()) : span);
    }

    /** The same trace with another span id. */
    public TraceContext child(String newSpanId) {
        return new TraceContext(traceId, newSpanId, flags, state);
    }

    /** The value of {@code traceparent}, in version 00. */
    public String parent() {
        return "00-" + traceId + "-" + spanId + "-" + HexFormat.of().toHexDigits((byte) flags);
    }

    /** A list whose members all have the right form, as it stands; else nothing. */
    private static String readable(String state) {
        if (state == null) {
            return "";
        }
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String part : state.split(",", -1)) {
            String member = part.strip();
            if (member.isEmpty()) {
                continue;
            }
            if (!MEMBER.matcher(member).matches() || !keys.add(member.substring(0, member.indexOf('=')))) {
                return "";
            }
            members.add(member);
        }
        return members.size() > MOST_MEMBERS ? "" : shortened(members);
    }

    /** Long members go first, then those at the end: whoever wrote last stands in front. */
    private static String shortened(List<String> members) {
        String all = String.join(",", members);
        if (all.length() > MOST_STATE) {
            all = members.stream()
                    .filter(member -> member.length() <= LONG_MEMBER)
                    .collect(Collectors.joining(","));
        }
        while (all.length() > MOST_STATE) {
            all = all.substring(0, all.lastIndexOf(','));
        }
        return all;
    }
}
