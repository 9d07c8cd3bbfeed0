/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;

/**
 * What a registry said: an HTTP status below 500 with a JSON body.
 *
 * @param body null when the body of a 4xx is not JSON
 */
record Answer(URI url, int status, JsonNode body) {

    /** Errors of the protocol begin with the HTTP status: 40403. */
    private static final int CODES_PER_STATUS = 100;

    boolean ok() {
        return status / CODES_PER_STATUS == 2;
    }

    /** The protocol's error code, or 0 when the body holds none: such an error is not the registry's own. */
    int errorCode() {
        return body == null ? 0 : body.path("error_code").asInt(0);
    }

    /**
     * Whether it is the registry that says no, by the rules of its protocol, and not something in front of it: a 404
     * from a wrong address must not pass for "there is no such schema".
     */
    boolean refuses(int expectedStatus) {
        int code = errorCode();
        // The one code without digits of its own is 409.
        return status == expectedStatus
                && (code / CODES_PER_STATUS == expectedStatus || (code == 409 && status == 409));
    }

    /** Status, code and message, for people. */
    String describe() {
        String message = body == null ? "" : body.path("message").asText("");
        return "HTTP " + status + (errorCode() == 0 ? "" : ", error_code " + errorCode())
                + (message.isEmpty() ? "" : ": " + message);
    }
}
