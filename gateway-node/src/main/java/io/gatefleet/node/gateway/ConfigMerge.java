package io.gatefleet.node.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a lease decides into the user's configuration of a gateway of OpenClaw's family. Gatefleet owns the port, bind, auth,
 * workspace, log and browser-port keys; everything else is the user's and stays as it stands, comments included.
 *
 * <p>An owned key that the user set otherwise is refused by name, never overwritten: the one who wrote it expects that it
 * holds. So that Gatefleet does not take its own words of the last start for the user's, it remembers what it wrote. Pure.
 *
 * <p>Nothing is written that the gateway would have to mend: OpenClaw 2026.9.6 <em>removes</em> a port that it does not like
 * and comes up on 18789 instead.
 */
final class ConfigMerge {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TOKEN = List.of("gateway", "auth", "token");
    private static final List<String> PROFILES = List.of("browser", "profiles");
    private static final String SIGNAL_PORT = "channels.signal.transport.httpPort";

    /** The profile for the user's own Chrome: by its extension, which takes a relay port, or by attaching to it. */
    private static final String CHROME = "chrome";

    private static final String RELAY_COLOR = "#00AA00";
    private static final String COLOR = "#FF4500";

    private final Wanted wanted;
    private final Written before;
    private final Json5Text document;
    private final Map<List<String>, JsonNode> owned = new LinkedHashMap<>();
    private final Map<List<String>, JsonNode> defaults = new LinkedHashMap<>();

    /**
     * What this start is about.
     *
     * @param dialect what the gateway's line calls it
     * @param shape dense: every port is pinned; wide: the gateway derives its ports, and only what the user named is pinned
     * @param profiles browser profiles of a dense lease
     * @param extras dotted key of a channel plugin's port, and the leased port for it
     * @param chromium null: the gateway looks for one itself
     * @param root whether the gateway runs as root: Chrome does not start then, unless without its sandbox
     */
    record Wanted(
            Dialect dialect,
            Lease lease,
            PortLayout layout,
            PortLayout.Shape shape,
            List<String> profiles,
            Map<String, Integer> extras,
            Token token,
            Path workspace,
            Path log,
            @Nullable Path chromium,
            boolean root) {}

    /**
     * What Gatefleet wrote, to recognise it again.
     *
     * @param base of the lease that it wrote it for; 0: it wrote nothing yet
     * @param values JSON pointer to value; of the token only a digest
     */
    record Written(int base, Map<String, JsonNode> values) {
        static final Written NOTHING = new Written(0, Map.of());

        Written {
            values = new TreeMap<>(values);
        }
    }

    /** @param text null: nothing to write, the configuration says all of it already */
    record Merged(@Nullable String text, Written written) {}

    private ConfigMerge(Json5Text document, Wanted wanted, Written before) {
        this.document = document;
        this.wanted = wanted;
        this.before = before;
    }

    /**
     * @param name the file's name, for complaints
     * @param user what stands in the file; null: there is none
     * @throws BadInput with the key, what the user wrote, and what was expected
     */
    static Merged merge(String name, @Nullable String user, Wanted wanted, Written before) {
        Json5Text document = Json5Text.parse(name, user == null ? "{}\n" : user);
        return new ConfigMerge(document, wanted, before).merge(user);
    }

    private Merged merge(@Nullable String user) {
        Lease lease = wanted.lease();
        // Without it: exit code 78, "existing config is missing gateway.mode".
        own(NODES.textNode("local"), "gateway", "mode");
        own(port(lease.base()), "gateway", "port");
        // Always written: without it OpenClaw binds 0.0.0.0 where it believes to be in a container.
        own(NODES.textNode("loopback"), "gateway", "bind");
        own(NODES.textNode("token"), "gateway", "auth", "mode");
        own(NODES.textNode(wanted.token().reveal()), TOKEN.toArray(new String[0]));
        own(NODES.textNode(wanted.workspace().toString()), "agents", "defaults", "workspace");
        // Otherwise all gateways of a host write to one file below /tmp/openclaw.
        own(NODES.textNode(wanted.log().toString()), "logging", "file");
        new TreeMap<>(wanted.extras()).forEach((key, port) -> own(port(port), key.split("\\.", -1)));
        if (wanted.extras().containsKey(SIGNAL_PORT)) {
            // The one kind of transport that has a port of its own; without the kind the port is an unrecognized key.
            defaults.put(List.of("channels", "signal", "transport", "kind"), NODES.textNode("managed-native"));
        }
        refusePortsBeside();
        switch (wanted.shape()) {
            case DENSE -> pinDense();
            case WIDE -> pinWide();
        }
        if (wanted.dialect().controlUrl()) {
            wanted.layout()
                    .port(PortLayout.CONTROL, lease.base())
                    .ifPresent(port -> own(NODES.textNode(loopback(port)), "browser", "controlUrl"));
        }
        if (wanted.dialect().colored()) {
            // The older lines take "chrome" for it, which needs an extension in a Chrome that somebody started by hand.
            defaults.put(List.of("browser", "defaultProfile"), NODES.textNode(defaultProfile()));
        }
        if (wanted.chromium() != null) {
            defaults.put(
                    List.of("browser", "executablePath"),
                    NODES.textNode(wanted.chromium().toString()));
        }
        if (wanted.root()) {
            defaults.put(List.of("browser", "headless"), NODES.booleanNode(true));
            defaults.put(List.of("browser", "noSandbox"), NODES.booleanNode(true));
        }
        return written(user);
    }

    private Merged written(@Nullable String user) {
        Json5Text next = document;
        for (String pointer : before.values().keySet()) {
            List<String> path = path(pointer);
            boolean wantedStill = owned.containsKey(path) || defaults.containsKey(path);
            // For example the port of a plugin that the instance has no more: it would point into another's lease.
            next = wantedStill || !isOurs(path) ? next : next.without(path);
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        // New members are put first in their object, so the last one here comes to stand at the top.
        List<Map.Entry<List<String>, JsonNode>> all = new ArrayList<>(defaults.entrySet());
        all.addAll(0, owned.entrySet());
        for (int i = all.size() - 1; i >= 0; i--) {
            List<String> path = all.get(i).getKey();
            JsonNode value = all.get(i).getValue();
            boolean mine = owned.containsKey(path);
            if (!next.has(path) || isOurs(path)) {
                next = next.scalar(path).equals(Optional.of(value)) ? next : next.with(path, value);
            } else if (mine && !next.scalar(path).equals(Optional.of(value))) {
                throw refusal(path, value);
            } else if (!mine) {
                continue; // The user decided.
            }
            values.put(pointer(path), remembered(path, value));
        }
        Written now = new Written(wanted.lease().base(), values);
        String text = next.toString();
        return new Merged(Objects.equals(text, user) ? null : text, now);
    }

    /**
     * Two keys that move the ports of all profiles at once.
     *
     * @throws BadInput for one that would move them out of the lease
     */
    private void refusePortsBeside() {
        List<String> rangeStart = List.of("browser", "cdpPortRangeStart");
        if (document.has(rangeStart)) {
            // Known to OpenClaw from 2026.3.2 to 2026.7.1; newer ones take it out of the file and write that anew.
            throw new BadInput(
                    "browser.cdpPortRangeStart",
                    document.raw(rangeStart).orElse(""),
                    "nothing: the lease says where the CDP ports are");
        }
        Optional<String> url = text(List.of("browser"), "cdpUrl");
        int port = loopbackPort(url.orElse(""));
        if (port > 0 && !wanted.lease().ports().contains(port)) {
            throw new BadInput(
                    "browser.cdpUrl",
                    "port " + port + " of this machine",
                    "nothing, or a port of " + wanted.lease().ports());
        }
    }

    private String defaultProfile() {
        return wanted.dialect().defaultProfile();
    }

    private static String loopback(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** Every browser on its own leased port, and nobody on a port that the gateway would derive. */
    private void pinDense() {
        List<String> profiles = wanted.profiles();
        if (profiles.size() > wanted.layout().cdpCount()) {
            throw new BadInput(
                    "profiles", profiles, "at most " + wanted.layout().cdpCount() + " for this lease");
        }
        if (profiles.contains(CHROME)) {
            throw new BadInput("profiles", CHROME, "another name: it stands for a Chrome that the user starts");
        }
        if (!profiles.contains(defaultProfile())) {
            throw new BadInput(
                    "profiles", profiles, defaultProfile() + " among them: unpinned, it would open base + 11");
        }
        for (String name : document.names(PROFILES)) {
            boolean pinned = name.equals(CHROME) && wanted.dialect().relay() != Dialect.Relay.DERIVED;
            if (!profiles.contains(name) && !pinned && !isWhollyOurs(name) && needsPort(name)) {
                throw new BadInput(
                        "browser.profiles." + name,
                        "a browser on this machine",
                        "one of " + String.join(", ", profiles)
                                + ": a dense lease has a port for those that the instance was given, and for no other");
            }
        }
        for (int i = 0; i < profiles.size(); i++) {
            pin(profiles.get(i), wanted.lease().base() + wanted.layout().cdpFirst() + i);
        }
        pinRelay();
    }

    private void pinRelay() {
        switch (wanted.dialect().relay()) {
            case NONE -> {
                // Otherwise the extension's relay opens base + 10 on the first use of any browser, in no manual.
                own(NODES.textNode("existing-session"), "browser", "profiles", CHROME, "driver");
                own(NODES.booleanNode(true), "browser", "profiles", CHROME, "attachOnly");
            }
            case BY_URL -> {
                int port = wanted.layout()
                        .port(PortLayout.RELAY, wanted.lease().base())
                        .orElseThrow(() -> new IllegalStateException(
                                "no relay in layout " + wanted.layout().name()));
                own(NODES.textNode("extension"), "browser", "profiles", CHROME, "driver");
                own(NODES.textNode(loopback(port(port).intValue())), "browser", "profiles", CHROME, "cdpUrl");
                defaults.put(List.of("browser", "profiles", CHROME, "color"), NODES.textNode(RELAY_COLOR));
            }
            case DERIVED -> {
                // Where the dense layout has it.
            }
        }
    }

    private void pin(String profile, int port) {
        own(port(port), "browser", "profiles", profile, "cdpPort");
        if (wanted.dialect().colored()) {
            defaults.put(List.of("browser", "profiles", profile, "color"), NODES.textNode(COLOR));
        }
    }

    /** The gateway derives its ports; what the user's own profiles name must lie in the lease and be no other's. */
    private void pinWide() {
        PortLayout layout = wanted.layout();
        if (layout.cdpCount() == 0) {
            return;
        }
        int first = wanted.lease().base() + layout.cdpFirst();
        PortRange range = PortRange.of(first, layout.cdpCount());
        TreeSet<Integer> taken = new TreeSet<>(List.of(first)); // the default profile's, derived at each start
        List<String> without = new ArrayList<>();
        for (String name : document.names(PROFILES)) {
            if (!needsPort(name)) {
                continue;
            }
            List<String> path = List.of("browser", "profiles", name, "cdpPort");
            Optional<JsonNode> pinned = document.scalar(path);
            boolean isDefault = name.equals(defaultProfile());
            if (isDefault && isWhollyOurs(name)) {
                continue; // Pinned by an earlier start; it needs no pin in a wide lease, and goes.
            }
            if (pinned.isEmpty()) {
                if (isDefault) {
                    // Derived, but a profile that is written down must say its port.
                    pin(name, first);
                } else {
                    without.add(name);
                }
                continue;
            }
            int port = moved(pinned.get().asInt(-1), layout);
            boolean free = !taken.contains(port) || (port == first && isDefault);
            if (isOurs(path)) {
                if (isDefault) {
                    pin(name, first);
                    continue;
                }
                if (!range.contains(port) || !free) {
                    without.add(name);
                    continue;
                }
                pin(name, port);
            }
            if (!range.contains(port) || !free) {
                throw new BadInput(
                        "browser.profiles." + name + ".cdpPort",
                        pinned.get().asText(),
                        "nothing, or a port of " + range + " that no other profile has");
            }
            taken.add(port);
            if (port != pinned.get().asInt(-1)) {
                moveAlong(path, port);
            }
        }
        for (String name : without) {
            int port = first;
            while (taken.contains(port)) {
                port++;
            }
            if (!range.contains(port)) {
                throw new BadInput("browser.profiles." + name, "one browser too many", "at most " + range.width());
            }
            taken.add(port);
            pin(name, port);
        }
    }

    /** Whether a profile has nothing that Gatefleet did not put there. */
    private boolean isWhollyOurs(String profile) {
        List<String> path = List.of("browser", "profiles", profile);
        List<String> names = document.names(path);
        return !names.isEmpty() && names.stream().allMatch(name -> isOurs(with(path, name)));
    }

    /** A profile's port was chosen inside the lease of its day, by the gateway or the user: it goes where the lease goes. */
    private int moved(int port, PortLayout layout) {
        int offset = port - before.base();
        boolean stoodInside =
                before.base() > 0 && offset >= layout.cdpFirst() && offset < layout.cdpFirst() + layout.cdpCount();
        return stoodInside ? wanted.lease().base() + offset : port;
    }

    private final List<List<String>> movedAlong = new ArrayList<>();

    private void moveAlong(List<String> path, int port) {
        movedAlong.add(path);
        owned.put(path, port(port));
    }

    /**
     * Whether the gateway would start this profile's browser on a port of this machine.
     *
     * @throws BadInput for a URL that names a port of this machine outside the lease: a gateway attaches to whatever
     *     answers there, without a word, and reads its tabs
     */
    private boolean needsPort(String profile) {
        List<String> path = List.of("browser", "profiles", profile);
        if (text(path, "driver").equals(Optional.of("existing-session"))) {
            return false;
        }
        Optional<String> url = text(path, "cdpUrl");
        if (url.isEmpty()) {
            return true;
        }
        if (isOurs(with(path, "cdpUrl"))) {
            return false; // The relay's, of an earlier start.
        }
        boolean attachOnly = document.scalar(with(path, "attachOnly")).equals(Optional.of(NODES.booleanNode(true)));
        int port = loopbackPort(url.get());
        if (port > 0 && !attachOnly && !wanted.lease().ports().contains(port)) {
            throw new BadInput(
                    "browser.profiles." + profile + ".cdpUrl",
                    "port " + port + " of this machine",
                    "a port of " + wanted.lease().ports() + ", or attachOnly: true");
        }
        return false;
    }

    /** The port of a URL on this machine; -1 for others, and for what is no URL: the gateway will say so. */
    private static int loopbackPort(String url) {
        try {
            URI uri = new URI(url);
            String host = String.valueOf(uri.getHost());
            boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
            return here ? uri.getPort() : -1;
        } catch (URISyntaxException noUrl) {
            return -1;
        }
    }

    private Optional<String> text(List<String> path, String name) {
        return document.scalar(with(path, name)).map(JsonNode::asText);
    }

    private static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private void own(JsonNode value, String... path) {
        owned.put(List.of(path), value);
    }

    private JsonNode port(int port) {
        if (!wanted.lease().ports().contains(port)) {
            throw new IllegalStateException("port " + port + " is not in the lease "
                    + wanted.lease().ports() + ": layout " + wanted.layout().name() + " does not belong to it");
        }
        return NODES.numberNode(port);
    }

    private boolean isOurs(List<String> path) {
        JsonNode remembered = before.values().get(pointer(path));
        return movedAlong.contains(path)
                || (remembered != null
                        && document.scalar(path)
                                .map(stands -> remembered(path, stands))
                                .equals(Optional.of(remembered)));
    }

    private BadInput refusal(List<String> path, JsonNode value) {
        String key = String.join(".", path);
        if (path.equals(TOKEN)) {
            return new BadInput(key, "(hidden)", "nothing: Gatefleet makes the token and keeps it in secrets/token");
        }
        String stands = document.raw(path).orElse("");
        return new BadInput(key, stands, "nothing, or " + value + ": this key belongs to Gatefleet");
    }

    /** Of the token a digest: the record is no second place to steal it from. */
    private static JsonNode remembered(List<String> path, JsonNode value) {
        if (!path.equals(TOKEN)) {
            return value;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(value.asText().getBytes(StandardCharsets.UTF_8));
            return NODES.textNode("sha256:" + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static List<String> path(String pointer) {
        return Stream.of(pointer.substring(1).split("/", -1))
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    private static String pointer(List<String> path) {
        StringBuilder pointer = new StringBuilder();
        for (String name : path) {
            pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
