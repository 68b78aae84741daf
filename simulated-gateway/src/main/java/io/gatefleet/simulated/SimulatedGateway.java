package io.gatefleet.simulated;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A gateway to try Gatefleet with, and to test it: it answers as OpenClaw 2026.9.6 does, phase by phase, opens the ports
 * that OpenClaw opens when it is told to, and misbehaves on request.
 *
 * <p>{@code gateway run} starts it. Best with {@code -Xmx24m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData
 * -Xshare:auto}: it is then ready in 0.3 s and takes 40 MB. Other commands talk to the running one: {@code status},
 * {@code browser start [PROFILE]}, {@code browser stop [PROFILE]}, {@code simulate JSON}.
 *
 * <p>What it does, {@code POST /simulate} with its token as bearer changes:
 *
 * <pre>
 * {"do":"browser","profile":"openclaw"}  a child on the profile's CDP port; the relay too. More: "outlives":true
 *                                        (stays when the gateway stops in order, as in some versions),
 *                                        "detached":true (in a session of its own)
 * {"do":"close-browser","profile":…}     ends that child
 * {"do":"listen","port":N}               on 127.0.0.1, wherever that is
 * {"do":"unready","failing":"x"}         readyz says 503 from now on
 * {"do":"ready"}                         and 200 again
 * {"do":"drain","millis":N}              takes that long to end after SIGTERM; -1: for ever
 * {"do":"log","line":"…"}                prints that
 * {"do":"exit","code":N}                 ends at once
 * </pre>
 */
public final class SimulatedGateway {
    public static final String VERSION = "2026.9.6";

    private enum Phase {
        STARTING,
        READY,
        DRAINING
    }

    private final long started = System.nanoTime();
    private final Settings settings;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<ServerSocket> listening = new CopyOnWriteArrayList<>();
    private final Map<String, Browser> browsers = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable String failing;
    private volatile long drainMillis;

    private record Browser(Process process, boolean outlives) {}

    private SimulatedGateway(Settings settings) {
        this.settings = settings;
        this.drainMillis = settings.drainMillis();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Settings settings;
        try {
            settings = Settings.read(System.getenv());
        } catch (Settings.Unusable unusable) {
            print(unusable.getMessage());
            Runtime.getRuntime().halt(Settings.EX_CONFIG);
            return;
        }
        switch (String.join(" ", args).strip()) {
            case "", "gateway", "gateway run" -> {
                ProcessName.set("gatefleet-sim");
                new SimulatedGateway(settings).run();
            }
            default -> System.exit(ask(settings, args));
        }
    }

    private void run() throws IOException, InterruptedException {
        Thread hook = new Thread(this::drain, "drain");
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.sleep(settings.listenMillis());
        try {
            serve(Loopback.V4);
        } catch (IOException busy) {
            print("Gateway failed to start: another gateway instance is already listening on ws://127.0.0.1:"
                    + settings.port() + " | listen EADDRINUSE");
            Runtime.getRuntime().halt(1);
        }
        try {
            serve(Loopback.V6);
        } catch (IOException absent) {
            print("failed to bind loopback alias ::1:" + settings.port() + "; going on without it");
        }
        print("gateway listens on ws://127.0.0.1:" + settings.port());
        if (!settings.say().isEmpty()) {
            print(settings.say());
        }
        Thread.sleep(settings.startupMillis());
        if (phase == Phase.STARTING) {
            phase = Phase.READY;
        }
        print("gateway ready");
    }

    private void serve(InetAddress address) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, settings.port()), 64);
        ExecutorService workers = Executors.newCachedThreadPool(task -> {
            Thread worker = new Thread(task, "http");
            worker.setDaemon(true);
            return worker;
        });
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
        servers.add(server);
    }

    /** SIGTERM: what was begun is finished, browsers are closed, and the code is 0. */
    private void drain() {
        phase = Phase.DRAINING;
        print("gateway draining");
        try {
            Thread.sleep(drainMillis < 0 ? Long.MAX_VALUE : drainMillis);
            for (Browser browser : browsers.values()) {
                if (!browser.outlives()) {
                    browser.process().destroy();
                    browser.process().waitFor();
                }
            }
        } catch (InterruptedException cannotHappen) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            long uptime = (System.nanoTime() - started) / 1_000_000;
            switch (exchange.getRequestURI().getPath()) {
                case "/healthz", "/health" -> send(exchange, 200, "{\"ok\":true,\"status\":\"live\"}");
                case "/readyz", "/ready" -> ready(exchange, uptime);
                case "/startupz", "/startup" -> startup(exchange, uptime);
                case "/simulate" -> simulate(exchange);
                // As the real one: whatever it does not know is its web application, with 200.
                default -> send(exchange, 200, "<!doctype html><title>Control UI</title>");
            }
        }
    }

    private void ready(HttpExchange exchange, long uptime) throws IOException {
        String trouble = failing;
        String part =
                switch (phase) {
                    case STARTING -> "startup-sidecars";
                    case DRAINING -> "gateway-draining";
                    case READY -> trouble;
                };
        if (part == null) {
            send(
                    exchange,
                    200,
                    "{\"ready\":true,\"failing\":[],\"uptimeMs\":" + uptime
                            + ",\"eventLoop\":{\"delayP99Ms\":1.0,\"utilization\":0.01,\"cpuCoreRatio\":0.01}}");
        } else {
            send(exchange, 503, "{\"ready\":false,\"failing\":[" + Json.quote(part) + "],\"uptimeMs\":" + uptime + "}");
        }
    }

    private void startup(HttpExchange exchange, long uptime) throws IOException {
        String rest = ",\"version\":\"" + VERSION + "\",\"uptimeMs\":" + uptime;
        switch (phase) {
            case STARTING ->
                send(
                        exchange,
                        503,
                        "{\"ok\":false,\"status\":\"starting\"" + rest + ",\"pendingReason\":\"startup-sidecars\"}");
            case READY -> send(exchange, 200, "{\"ok\":true,\"status\":\"started\"" + rest + "}");
            case DRAINING -> send(exchange, 503, "{\"ok\":false,\"status\":\"draining\"" + rest + "}");
        }
    }

    private void simulate(HttpExchange exchange) throws IOException {
        byte[] bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] expected = ("Bearer " + settings.token()).getBytes(StandardCharsets.UTF_8);
        if (settings.token().isEmpty() || !MessageDigest.isEqual(bearer, expected)) {
            send(exchange, 401, "{\"ok\":false,\"error\":\"unauthorized\"}");
            return;
        }
        try {
            Object body =
                    Json.read(new String(exchange.getRequestBody().readNBytes(64 * 1024), StandardCharsets.UTF_8));
            send(exchange, 200, "{\"ok\":true" + perform(body) + "}");
        } catch (IllegalArgumentException | IOException wrong) {
            send(exchange, 400, "{\"ok\":false,\"error\":" + Json.quote(String.valueOf(wrong.getMessage())) + "}");
        }
    }

    private String perform(@Nullable Object body) throws IOException {
        String what = String.valueOf(Json.at(body, "do"));
        String profile = Json.at(body, "profile") instanceof String name ? name : Settings.DEFAULT_PROFILE;
        switch (what) {
            case "browser" -> {
                return browse(profile, flag(body, "outlives"), flag(body, "detached"));
            }
            case "close-browser" -> {
                Browser browser = browsers.remove(profile);
                if (browser != null) {
                    browser.process().destroy();
                }
            }
            case "listen" -> listen(number(body, "port"));
            case "unready" -> failing = String.valueOf(Json.at(body, "failing"));
            case "ready" -> failing = null;
            case "drain" -> drainMillis = number(body, "millis");
            case "log" -> print(String.valueOf(Json.at(body, "line")));
            case "exit" -> Runtime.getRuntime().halt(number(body, "code"));
            default -> throw new IllegalArgumentException("do: " + what + " (expected: see the class' documentation)");
        }
        return "";
    }

    private String browse(String profile, boolean outlives, boolean detached) throws IOException {
        Integer port = settings.cdpPorts().get(profile);
        if (port == null) {
            throw new IllegalArgumentException("profile: " + profile + " (expected: one of "
                    + settings.cdpPorts().keySet() + ")");
        }
        if (settings.relay() && listening.isEmpty()) {
            listen(settings.port() + 10);
        }
        Browser running = browsers.get(profile);
        if (running == null || !running.process().isAlive()) {
            List<String> command = new ArrayList<>(detached ? List.of("setsid") : List.of());
            command.addAll(Settings.java(SimulatedBrowser.class.getName()));
            Path data = settings.state().resolve("browser").resolve(profile).resolve("user-data");
            command.add("--user-data-dir=" + data);
            command.add("--remote-debugging-port=" + port);
            running = new Browser(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .start(),
                    outlives);
            browsers.put(profile, running);
        }
        return ",\"pid\":" + running.process().pid() + ",\"cdpPort\":" + port;
    }

    private void listen(int port) throws IOException {
        listening.add(new ServerSocket(port, 16, Loopback.V4));
    }

    private static int number(@Nullable Object body, String name) {
        if (Json.at(body, name) instanceof Double number) {
            return number.intValue();
        }
        throw new IllegalArgumentException(name + ": " + Json.at(body, name) + " (expected: a whole number)");
    }

    private static boolean flag(@Nullable Object body, String name) {
        return Boolean.TRUE.equals(Json.at(body, name));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean json = text.startsWith("{");
        exchange.getResponseHeaders().set("Content-Type", json ? "application/json; charset=utf-8" : "text/html");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static void print(@Nullable String line) {
        System.out.println(Instant.now() + " " + line);
    }

    /** The commands that talk to a running gateway: exit code 0 when it did what was asked. */
    private static int ask(Settings settings, String[] args) throws IOException {
        String profile = Json.quote(args.length > 2 ? args[2] : Settings.DEFAULT_PROFILE);
        String words = args[0] + (args.length > 1 ? " " + args[1] : "");
        String body;
        switch (words) {
            case "status" -> body = null;
            case "browser start" -> body = "{\"do\":\"browser\",\"profile\":" + profile + "}";
            case "browser stop" -> body = "{\"do\":\"close-browser\",\"profile\":" + profile + "}";
            default -> {
                if (!args[0].equals("simulate") || args.length != 2) {
                    System.err.println("expected: gateway run, status, browser start|stop [PROFILE], simulate JSON");
                    return 2;
                }
                body = args[1];
            }
        }
        URI target = URI.create("http://127.0.0.1:" + settings.port() + (body == null ? "/readyz" : "/simulate"));
        HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
        if (body != null) {
            connection.setRequestProperty("Authorization", "Bearer " + settings.token());
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        boolean ok = connection.getResponseCode() == 200;
        try (var in = ok ? connection.getInputStream() : connection.getErrorStream()) {
            System.out.println(in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return ok ? 0 : 1;
    }
}
