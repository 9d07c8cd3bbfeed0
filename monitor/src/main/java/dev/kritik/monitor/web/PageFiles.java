/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.Sha256;

/** The files of the page, read once. Names are looked up in a list, so no path leads elsewhere. */
final class PageFiles {

    private static final String FOLDER = "/dev/kritik/monitor/web/";

    private static final Map<String, String> TYPES = Map.of(
            "html", Reply.HTML,
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private static final String[] NAMES = {
        "index.html",
        "login.html",
        "style.css",
        "icon.svg",
        "app.js",
        "chart.js",
        "deadletters.js",
        "dom.js",
        "format.js",
        "group.js",
        "groups.js",
        "live.js",
        "overview.js",
        "theme.js"
    };

    private final Map<String, Reply> byName = new HashMap<>();

    PageFiles() {
        for (String name : NAMES) {
            byName.put(name, read(name));
        }
    }

    private static Reply read(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the file '" + name + "' of the page is not in this build");
            }
            byte[] bytes = in.readAllBytes();
            return new Reply(200, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), bytes, Map.of())
                    .with(
                            "ETag",
                            '"'
                                    + HexFormat.of()
                                            .formatHex(Sha256.digest().digest(bytes))
                                            .substring(0, 20)
                                    + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply page() {
        return byName.get("index.html");
    }

    Reply login() {
        return byName.get("login.html");
    }

    Optional<Reply> file(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
