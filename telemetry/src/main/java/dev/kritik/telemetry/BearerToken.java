/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

import dev.kritik.schema.config.Secret;

/** Lets in who shows the token, where there is one (RFC 6750). Safe for use by many threads. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private final Optional<Secret> wanted;

    /**
     * A door.
     *
     * @param wanted what must be shown; empty lets everyone in
     */
    public BearerToken(Optional<Secret> wanted) {
        this.wanted = wanted;
    }

    /** Whether this header lets in; takes as long for a wrong token as for the right one. */
    public boolean accepts(String authorization) {
        if (wanted.isEmpty()) {
            return true;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return MessageDigest.isEqual(
                authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
                wanted.get().reveal().getBytes(StandardCharsets.UTF_8));
    }
}
