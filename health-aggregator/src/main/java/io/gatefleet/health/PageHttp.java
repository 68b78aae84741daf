package io.gatefleet.health;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Needs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The web page, at {@code /}: a handful of files from the class path, which ask the aggregator's own routes. It needs
 * nothing from elsewhere and can be told to load nothing from elsewhere, so that a text that came from a gateway could do
 * nothing even if it were taken for markup.
 */
final class PageHttp {
    private static final Map<String, String> FILES = Map.of(
            "page.css", "text/css",
            "page.js", "text/javascript",
            "feed.js", "text/javascript",
            "fleet.js", "text/javascript",
            "list.js", "text/javascript",
            "ports.js", "text/javascript",
            "icon.svg", "image/svg+xml");

    private PageHttp() {}

    /** Reads the files, once. */
    static void mount(Routes routes) {
        Buffer index = read("index.html");
        // The page itself is no secret; what it shows is asked for with the token of whoever looks.
        routes.get("/", Needs.NOTHING, ctx -> send(ctx, "text/html; charset=utf-8", index));
        FILES.forEach((file, type) -> {
            Buffer content = read(file);
            routes.get("/page/" + file, Needs.NOTHING, ctx -> send(ctx, type + "; charset=utf-8", content));
        });
        Buffer browsers = Wire.STRICT.write(firstBrowsers());
        routes.get("/page/browsers.json", Needs.NOTHING, ctx -> send(ctx, "application/json", browsers));
    }

    /** From which offset on each layout has the ports of its browsers; one that has none is not there. */
    private static Map<String, Integer> firstBrowsers() {
        Map<String, Integer> offsets = new TreeMap<>();
        for (LayoutFamily family : Layouts.known().families()) {
            PortLayout wide = family.wide(Set.of());
            if (wide.cdpCount() > 0) {
                offsets.put(family.name() + "-wide", wide.cdpFirst());
                // Behind the packed roles stand the browsers.
                offsets.put(family.name() + "-dense", family.dense().size());
            }
        }
        return offsets;
    }

    private static void send(RoutingContext ctx, String type, Buffer content) {
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(content);
    }

    private static Buffer read(String file) {
        String path = "/page/" + file;
        try (InputStream in = PageHttp.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + path);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException cause) {
            throw new UncheckedIOException(path, cause);
        }
    }
}
