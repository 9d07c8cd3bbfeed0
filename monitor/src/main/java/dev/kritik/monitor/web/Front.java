/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.telemetry.Health;

/** Takes each request: who asks, what for; and puts the headers on each answer that keep the page to itself. */
final class Front extends Handler.Abstract {

    private static final Logger LOGGER = LoggerFactory.getLogger(Front.class);

    /** Addresses of the page: its script reads from them what to show. */
    private static final Set<String> VIEWS = Set.of("/", "/groups", "/group", "/dead-letters");

    private static final String FILES = "/static/";
    private static final int FORM_BYTES = 4 << 10;

    /** Scripts and styles from here only, nothing inline, nothing from elsewhere, nothing sent elsewhere, in no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Guard guard;
    private final PageFiles files;
    private final Api api;
    private final Live live;
    private final Health health;
    private final Supplier<String> scrape;

    Front(Guard guard, PageFiles files, Api api, Live live, Health health, Supplier<String> scrape) {
        this.guard = guard;
        this.files = files;
        this.api = api;
        this.live = live;
        this.health = health;
        this.scrape = scrape;
    }

    static void secure(HttpFields.Mutable headers) {
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Cache-Control", "no-store");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        secure(response.getHeaders());
        try {
            Optional<Reply> reply = answer(request, response, callback);
            reply.ifPresent(one -> write(request, response, callback, one));
        } catch (Parameters.Wrong e) {
            write(request, response, callback, Reply.problem(400, "Bad request", e.getMessage()));
        } catch (Bodies.Unavailable e) {
            write(request, response, callback, Reply.problem(503, "Not available", e.getMessage()));
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("a request failed for a reason of our own");
            write(request, response, callback, Reply.problem(500, "Failed", "the dashboard's log says why"));
        }
        return true;
    }

    /** Empty for a stream, which goes on. */
    private Optional<Reply> answer(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (path.equals("/health/live")) {
            return Optional.of(told(health.dead(), "live"));
        }
        if (path.equals("/health/ready")) {
            return Optional.of(told(health.dead().or(health::idle), "ready"));
        }
        if (!guard.knowsHost(request.getHeaders().get(HttpHeader.HOST))) {
            return Optional.of(Reply.of(
                    421,
                    Reply.TEXT,
                    "this dashboard is not known by that name: use its IP address or localhost, or add the name to"
                            + " dashboard.http.hosts\n"));
        }
        if (path.equals("/login") && request.getMethod().equals("POST")) {
            return Optional.of(login(request));
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            return Optional.of(Reply.of(405, Reply.TEXT, "GET and HEAD only\n").with("Allow", "GET, HEAD"));
        }
        if (path.startsWith(FILES)) {
            return Optional.of(files.file(path.substring(FILES.length()))
                    .map(file -> fresh(request, file))
                    .orElseGet(Front::nothing));
        }
        if (path.equals("/login")) {
            return Optional.of(guard.wantsToken() ? files.login() : elsewhere("/"));
        }
        Fields query = Request.extractQueryParameters(request);
        if (!letsIn(request)) {
            return Optional.of(stranger(path, query));
        }
        return known(path, query, request, response, callback);
    }

    private Optional<Reply> known(String path, Fields query, Request request, Response response, Callback callback) {
        if (VIEWS.contains(path)) {
            return Optional.of(query.getValue("token") == null ? files.page() : elsewhere(path));
        }
        if (path.equals("/metrics")) {
            return Optional.of(Reply.of(200, "text/plain; version=0.0.4; charset=utf-8", scrape.get()));
        }
        if (path.equals("/api/stream")) {
            return stream(request, response, callback);
        }
        return Optional.of(api.answer(path, new Parameters(query)).orElseGet(Front::nothing));
    }

    private Optional<Reply> stream(Request request, Response response, Callback callback) {
        if (request.getMethod().equals("HEAD")) {
            return Optional.of(Reply.of(200, "text/event-stream", ""));
        }
        if (!live.hasRoom()) {
            return Optional.of(Reply.problem(503, "Full", "too many pages are open (dashboard.clients.max)")
                    .with("Retry-After", "5"));
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.getHeaders().put("X-Accel-Buffering", "no"); // a proxy must not collect events
        live.add(response, callback);
        return Optional.empty();
    }

    private boolean letsIn(Request request) {
        List<String> cookies = Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(Guard.COOKIE))
                .map(HttpCookie::getValue)
                .toList();
        return guard.letsIn(request.getHeaders().get(HttpHeader.AUTHORIZATION), cookies);
    }

    /** A link with the token in it gives the cookie, and goes on without the token, which is not left in the address. */
    private Reply stranger(String path, Fields query) {
        if (VIEWS.contains(path)) {
            String token = query.getValue("token");
            return token != null && guard.isToken(token)
                    ? elsewhere(path).with("Set-Cookie", guard.setCookie())
                    : elsewhere("/login");
        }
        return Reply.problem(401, "Not authorized", "log in at /login, or send 'Authorization: Bearer TOKEN'")
                .with("WWW-Authenticate", "Bearer");
    }

    private Reply login(Request request) {
        if (request.getLength() < 0 || request.getLength() > FORM_BYTES) {
            return Reply.of(413, Reply.TEXT, "that is no token\n");
        }
        try {
            Fields form = new Fields();
            UrlEncoded.decodeTo(
                    Content.Source.asString(request, StandardCharsets.UTF_8), form::add, StandardCharsets.UTF_8);
            String token = form.getValue("token");
            return token != null && guard.isToken(token)
                    ? elsewhere("/").with("Set-Cookie", guard.setCookie())
                    : elsewhere("/login?wrong");
        } catch (IOException | IllegalArgumentException e) {
            return Reply.of(400, Reply.TEXT, "the form could not be read\n");
        }
    }

    private static Reply elsewhere(String path) {
        return Reply.of(303, Reply.TEXT, "").with("Location", path);
    }

    /** The file, or that the browser has it already. */
    private static Reply fresh(Request request, Reply file) {
        Reply kept = file.with("Cache-Control", "no-cache");
        return file.headers().get("ETag").equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))
                ? new Reply(304, file.type(), new byte[0], kept.headers())
                : kept;
    }

    private static Reply nothing() {
        return Reply.problem(404, "Not found", "there is nothing here");
    }

    private static Reply told(Optional<String> trouble, String well) {
        return Reply.of(trouble.isEmpty() ? 200 : 503, Reply.TEXT, trouble.orElse(well) + "\n");
    }

    private static void write(Request request, Response response, Callback callback, Reply reply) {
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        reply.headers().forEach(response.getHeaders()::put);
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, ByteBuffer.wrap(head ? new byte[0] : reply.body()), callback);
    }
}
