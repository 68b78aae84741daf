package io.gatefleet.simulated;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * What a managed Chrome is to the outside: a process of its own with {@code --user-data-dir} in its command line, that
 * answers the DevTools protocol's first question on {@code --remote-debugging-port} and 404 on everything else.
 */
public final class SimulatedBrowser {
    private SimulatedBrowser() {}

    public static void main(String[] args) throws IOException {
        ProcessName.set(ProcessName.SIMULATED);
        int port = 0;
        for (String arg : args) {
            if (arg.startsWith("--remote-debugging-port=")) {
                port = Integer.parseInt(arg.substring(arg.indexOf('=') + 1));
            }
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(Loopback.V4, port), 16);
        server.createContext("/", exchange -> {
            boolean asked = exchange.getRequestURI().getPath().equals("/json/version");
            byte[] body = (asked ? "{\"Browser\":\"Simulated/1.0\",\"Protocol-Version\":\"1.3\"}" : "not found")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", asked ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(asked ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
