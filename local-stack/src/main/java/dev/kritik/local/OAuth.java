/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.net.URI;

/**
 * Whose tokens a secured broker takes from clients that use OAUTHBEARER.
 *
 * @param jwks where the issuer publishes its public keys; fetched when the broker starts and kept fresh by it
 * @param issuer the {@code iss} claim that a token must have
 * @param audience what must be among the {@code aud} claims of a token
 */
public record OAuth(URI jwks, String issuer, String audience) {}
