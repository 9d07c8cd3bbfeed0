/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.kritik.telemetry.BearerToken;

/**
 * Who may look. With a token: whoever shows it as a bearer token, or has shown it once and got a cookie for it, which holds
 * until the dashboard ends. Without: everyone, by a name that is known to be of this server, for a page of another site
 * could point a name of its own here and read along (DNS rebinding). Safe for use by many threads.
 */
final class Guard {

    static final String COOKIE = "kritik_dashboard";

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");
    private static final int SESSION_BYTES = 32;

    private final WebConfig config;
    private final BearerToken bearer;
    private final String session;

    Guard(WebConfig config) {
        this.config = config;
        this.bearer = new BearerToken(config.token());
        byte[] chance = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(chance);
        this.session = HexFormat.of().formatHex(chance);
    }

    boolean wantsToken() {
        return config.token().isPresent();
    }

    /** Whether a browser may have been sent here under this name, as the header Host says. */
    boolean knowsHost(String header) {
        if (wantsToken()) {
            return true; // a cookie is for one name only
        }
        if (header == null) {
            return false;
        }
        String host = header.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || ADDRESS.matcher(host).matches()
                || host.equals(config.address().host().toLowerCase(Locale.ROOT))
                || config.hosts().stream().anyMatch(host::equalsIgnoreCase);
    }

    /**
     * Whether a request may see what is shown.
     *
     * @param authorization that header, or null
     * @param cookies values of {@link #COOKIE} that it carries
     */
    boolean letsIn(String authorization, List<String> cookies) {
        return bearer.accepts(authorization)
                || cookies.stream().anyMatch(cookie -> MessageDigest.isEqual(ascii(cookie), ascii(session)));
    }

    /** Whether this is the token. */
    boolean isToken(String text) {
        return bearer.accepts("Bearer " + text.strip());
    }

    /** The value of the header that gives a browser the cookie: out of reach of scripts and of other sites. */
    String setCookie() {
        return COOKIE + "=" + session + "; Path=/; HttpOnly; SameSite=Strict";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
