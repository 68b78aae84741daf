package io.gatefleet.simulated;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A gateway to try Gatefleet with, and to test it: it answers as OpenClaw 2026.9.6 does, phase by phase, on HTTP and on its
 * WebSocket, opens the ports that OpenClaw opens when it is told to, and misbehaves on request.
 *
 * <p>{@code gateway run} starts it. Best with {@code -Xmx24m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData
 * -Xshare:auto}: it is then ready in 0.3 s and takes 40 MB. Other commands talk to the running one: {@code status},
 * {@code browser start [PROFILE]}, {@code browser stop [PROFILE]}, {@code simulate JSON}.
 *
 * <p>{@code --manner openclaw|clawdbot|omniclaw} before the command, or the variable {@code SIMULATED_MANNER}, gives it the
 * habits of that family: variables and their precedence, ports at start, answers, locks, exit codes. Without, it has
 * OpenClaw's under names of its own.
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
 * {"do":"restart","millis":N}            begins anew inside its process: nothing listens for that long, then another boot id
 * {"do":"token","token":"x"}             lets nobody in by its old token from now on
 * {"do":"drain","millis":N}              takes that long to end after SIGTERM; -1: for ever
 * {"do":"log","line":"…"}                prints that
 * {"do":"exit","code":N}                 ends at once
 * </pre>
 */
public final class SimulatedGateway implements HttpDoor.House, Talk.Life {
    public static final String VERSION = "2026.9.6";

    private static final String STARTING_PART = "startup-sidecars";
    private static final long BIND_AGAIN_MILLIS = 500;

    private enum Phase {
        STARTING,
        READY,
        DRAINING
    }

    private final Settings settings;
    private final List<HttpDoor> doors = new CopyOnWriteArrayList<>();
    private final List<ServerSocket> listening = new CopyOnWriteArrayList<>();
    private final Map<String, Browser> browsers = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable String failing;
    private volatile long drainMillis;
    private volatile long started = System.nanoTime();
    private volatile String bootId = UUID.randomUUID().toString();
    private volatile String token;

    private record Browser(Process process, boolean outlives) {}

    private SimulatedGateway(Settings settings) {
        this.settings = settings;
        this.drainMillis = settings.drainMillis();
        this.token = settings.token();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(args));
        Settings settings;
        Manner manner = Manner.SIMULATED;
        try {
            String said = option(words, "--manner");
            manner = Manner.parse(
                    said != null ? said : System.getenv().getOrDefault("SIMULATED_MANNER", manner.family()));
            settings = Settings.read(manner, option(words, "--port"), System.getenv());
        } catch (Settings.Unusable | IllegalArgumentException unusable) {
            print(unusable.getMessage());
            Runtime.getRuntime().halt(manner.configurationExit());
            return;
        }
        switch (String.join(" ", words).strip()) {
            case "", "gateway", "gateway run" -> {
                ProcessName.set(ProcessName.SIMULATED);
                new SimulatedGateway(settings).run();
            }
            default -> System.exit(ask(settings, words.toArray(String[]::new)));
        }
    }

    /** Takes an option and its value out of the words; null: it is not among them. */
    private static @Nullable String option(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0 || at + 1 >= words.size()) {
            return null;
        }
        words.remove(at);
        return words.remove(at);
    }

    private void run() throws IOException, InterruptedException {
        Thread hook = new Thread(this::drain, "drain");
        Runtime.getRuntime().addShutdownHook(hook);
        lock();
        Thread.sleep(settings.listenMillis());
        open();
        if (!settings.say().isEmpty()) {
            print(settings.say());
        }
        beReady();
        // The doors' threads are daemons: this one keeps the process.
        Thread.currentThread().join();
    }

    private void lock() throws IOException, InterruptedException {
        if (settings.lockMillis() < 0) {
            return;
        }
        Manner manner = settings.manner();
        Path file = GatewayLock.file(manner, settings.state(), settings.config(), settings.tmp());
        long owner = GatewayLock.take(file, settings.lockMillis());
        if (owner != 0) {
            print(
                    manner == Manner.OPENCLAW
                            ? "Doctor could not enter maintenance: another OpenClaw process owns gateway-lifecycle (pid "
                                    + owner + ")"
                            : "gateway already running (pid " + owner + "); lock timeout after " + settings.lockMillis()
                                    + "ms");
            Runtime.getRuntime().halt(manner.duplicateExit());
        }
    }

    private void open() throws IOException, InterruptedException {
        if (settings.manner() == Manner.OMNICLAW) {
            int ended = Listeners.endSimulated(settings.port(), settings.manner());
            if (ended > 0) {
                print("gateway-startup-cleanup: ended " + ended + " on port " + settings.port());
            }
        }
        long deadline = System.nanoTime() + settings.bindMillis() * 1_000_000;
        while (!bound(Loopback.V4)) {
            if (System.nanoTime() - deadline >= 0) {
                print("Gateway failed to start: another gateway instance is already listening on ws://127.0.0.1:"
                        + settings.port() + " | listen EADDRINUSE");
                Runtime.getRuntime().halt(1);
            }
            Thread.sleep(BIND_AGAIN_MILLIS);
        }
        if (!bound(Loopback.V6)) {
            print("failed to bind loopback alias ::1:" + settings.port() + "; going on without it");
        }
        print("gateway listens on ws://127.0.0.1:" + settings.port());
        if (settings.manner().bindsControlAtStart() && settings.control() > 0) {
            atStart(settings.control(), "Browser control listening on http://127.0.0.1:");
        }
        if (settings.manner().bindsRelayAtStart() && settings.relay()) {
            atStart(settings.relayPort(), "Chrome extension relay listening on http://127.0.0.1:");
        }
    }

    private boolean bound(InetAddress address) {
        try {
            doors.add(new HttpDoor(address, settings.port(), this));
            return true;
        } catch (IOException busyOrAbsent) {
            return false;
        }
    }

    /** Says so whether it is true or not, as Clawdbot does: who believes logs is misled. */
    private void atStart(int port, String line) {
        try {
            if (listening.stream().noneMatch(socket -> socket.getLocalPort() == port)) {
                listen(port);
            }
        } catch (IOException busy) {
            // Then it goes on without.
        }
        print(line + port + "/");
    }

    private void beReady() throws InterruptedException {
        Thread.sleep(settings.startupMillis());
        if (phase == Phase.STARTING) {
            phase = Phase.READY;
        }
        print("gateway ready");
    }

    /** A restart that keeps the process: refused connections for a while, then another life. */
    private void beginAnew(long millis) {
        Thread restart = new Thread(
                () -> {
                    try {
                        phase = Phase.STARTING;
                        for (HttpDoor door : doors) {
                            door.close();
                        }
                        doors.clear();
                        Thread.sleep(millis);
                        bootId = UUID.randomUUID().toString();
                        started = System.nanoTime();
                        open();
                        beReady();
                    } catch (IOException | InterruptedException trouble) {
                        print("could not begin anew: " + trouble);
                        Runtime.getRuntime().halt(1);
                    }
                },
                "restart");
        restart.setDaemon(true);
        restart.start();
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

    @Override
    public HttpDoor.Response answer(HttpDoor.Request request) {
        if (request.path().equals("/simulate")) {
            return simulate(request);
        }
        Manner manner = settings.manner();
        if (manner == Manner.OMNICLAW) {
            return new HttpDoor.Response(503, "text/plain; charset=utf-8", "Control UI assets not found");
        }
        long uptime = (System.nanoTime() - started) / 1_000_000;
        String probe = manner.hasProbes() ? request.path() : "";
        return switch (probe) {
            case "/healthz", "/health" -> HttpDoor.Response.json(200, "{\"ok\":true,\"status\":\"live\"}");
            case "/readyz", "/ready" -> ready(uptime);
            case "/startupz", "/startup" -> startup(uptime);
            // As the real ones: whatever it does not know is its web application, with 200.
            default -> new HttpDoor.Response(200, "text/html", "<!doctype html><title>Control UI</title>");
        };
    }

    @Override
    public void talk(WebSocketLine line) throws IOException {
        new Talk(settings.manner(), this).hold(line);
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public String bootId() {
        return bootId;
    }

    @Override
    public @Nullable String startingPart() {
        return settings.manner().hasProbes() && phase == Phase.STARTING ? STARTING_PART : null;
    }

    private HttpDoor.Response ready(long uptime) {
        String trouble = failing;
        String part =
                switch (phase) {
                    case STARTING -> STARTING_PART;
                    case DRAINING -> "gateway-draining";
                    case READY -> trouble;
                };
        return part == null
                ? HttpDoor.Response.json(
                        200,
                        "{\"ready\":true,\"failing\":[],\"uptimeMs\":" + uptime
                                + ",\"eventLoop\":{\"delayP99Ms\":1.0,\"utilization\":0.01,\"cpuCoreRatio\":0.01}}")
                : HttpDoor.Response.json(
                        503, "{\"ready\":false,\"failing\":[" + Json.quote(part) + "],\"uptimeMs\":" + uptime + "}");
    }

    private HttpDoor.Response startup(long uptime) {
        String rest = ",\"version\":\"" + VERSION + "\",\"uptimeMs\":" + uptime;
        return switch (phase) {
            case STARTING ->
                HttpDoor.Response.json(
                        503,
                        "{\"ok\":false,\"status\":\"starting\"" + rest + ",\"pendingReason\":\"" + STARTING_PART
                                + "\"}");
            case READY -> HttpDoor.Response.json(200, "{\"ok\":true,\"status\":\"started\"" + rest + "}");
            case DRAINING -> HttpDoor.Response.json(503, "{\"ok\":false,\"status\":\"draining\"" + rest + "}");
        };
    }

    private HttpDoor.Response simulate(HttpDoor.Request request) {
        byte[] bearer = request.headers().getOrDefault("authorization", "").getBytes(StandardCharsets.UTF_8);
        byte[] expected = ("Bearer " + settings.token()).getBytes(StandardCharsets.UTF_8);
        if (settings.token().isEmpty() || !MessageDigest.isEqual(bearer, expected)) {
            return HttpDoor.Response.json(401, "{\"ok\":false,\"error\":\"unauthorized\"}");
        }
        try {
            return HttpDoor.Response.json(200, "{\"ok\":true" + perform(Json.read(request.body())) + "}");
        } catch (IllegalArgumentException | IOException wrong) {
            return HttpDoor.Response.json(
                    400, "{\"ok\":false,\"error\":" + Json.quote(String.valueOf(wrong.getMessage())) + "}");
        }
    }

    private String perform(@Nullable Object body) throws IOException {
        String what = String.valueOf(Json.at(body, "do"));
        String profile = Json.at(body, "profile") instanceof String name
                ? name
                : settings.manner().defaultProfile();
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
            case "restart" -> beginAnew(number(body, "millis"));
            case "token" -> token = String.valueOf(Json.at(body, "token"));
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
            listen(settings.relayPort());
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

    private static void print(@Nullable String line) {
        System.out.println(Instant.now() + " " + line);
    }

    /** The commands that talk to a running gateway: exit code 0 when it did what was asked. */
    private static int ask(Settings settings, String[] args) throws IOException {
        String profile =
                Json.quote(args.length > 2 ? args[2] : settings.manner().defaultProfile());
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
