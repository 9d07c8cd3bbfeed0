/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** An issuer of tokens on this machine: RFC 6749 client credentials in, signed JWTs out, its keys at /jwks. */
final class Issuer implements AutoCloseable {

    static final String NAME = "https://issuer.test";
    private static final int LIFE_MINUTES = 10;

    private final HttpServer server;
    private final RsaJsonWebKey key;
    private final String secret;
    private final Map<String, String> audiences;

    /**
     * Starts it.
     *
     * @param secret of every client
     * @param audiences the audience in the tokens of each client
     */
    Issuer(String secret, Map<String, String> audiences) {
        this.secret = secret;
        this.audiences = audiences;
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k1");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/jwks", exchange -> answer(exchange, 200, new JsonWebKeySet(key).toJson()));
        server.createContext("/token", this::token);
        server.start();
    }

    URI jwks() {
        return at("/jwks");
    }

    URI tokenEndpoint() {
        return at("/token");
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void token(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String login = header == null
                ? ""
                : new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
        String client = login.replaceFirst(":.*", "");
        if (!login.equals(client + ":" + secret) || !audiences.containsKey(client)) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        answer(
                exchange,
                200,
                "{\"access_token\":\"" + signed(client) + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
    }

    private String signed(String client) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(NAME);
        claims.setSubject(client);
        claims.setAudience(audiences.get(client));
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(LIFE_MINUTES);
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setKey(key.getPrivateKey());
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
