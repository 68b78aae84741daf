package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment that a gateway starts with: empty, plus what is named here. Inherited variables are how gateways get at
 * each other's state and ports ({@code OPENCLAW_*}, {@code CLAWDBOT_*}), and how they come to believe that systemd
 * supervises them ({@code INVOCATION_ID} and others: then a restart exits 0 and waits for a systemd that is not theirs).
 */
final class LaunchEnvironment {
    /** Of the node's own environment: how to find programs, speak, and reach the network; nothing else. */
    private static final Set<String> INHERITED = Set.of(
            "PATH",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "all_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NODE_EXTRA_CA_CERTS");

    /** Never, not even when an operator names them. */
    private static final Set<String> FORBIDDEN = Set.of(
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "SYSTEMD_EXEC_PID",
            "NOTIFY_SOCKET",
            "LISTEN_FDS",
            "LISTEN_PID",
            "XPC_SERVICE_NAME",
            "NODE_OPTIONS",
            "NODE_PATH",
            "LD_PRELOAD",
            "JAVA_TOOL_OPTIONS",
            "HOME",
            "TMPDIR");

    private static final Set<String> FORBIDDEN_FAMILIES =
            Set.of("OPENCLAW_", "CLAWDBOT_", "OMNICLAW_", "SIMULATED_", "GATEFLEET_", "XDG_");

    /** Marks every process that comes from a gateway, wherever it goes: children and orphans inherit it. */
    static final String MARK = "GATEFLEET_GATEWAY_HOME";

    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private LaunchEnvironment() {}

    /** @throws BadInput if an operator names a variable that would break the isolation */
    static void check(Collection<String> passed) {
        for (String name : passed) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (FORBIDDEN.contains(upper) || FORBIDDEN_FAMILIES.stream().anyMatch(upper::startsWith)) {
                throw new BadInput(
                        "passed", name, "a variable that is neither the gateway family's own nor a supervisor's mark");
            }
        }
    }

    /**
     * What every flavor gets.
     *
     * @param inherited the node's environment
     * @param passed further names that the operator lets through
     */
    static Map<String, String> of(Map<String, String> inherited, Set<String> passed, InstanceHome home) {
        check(passed);
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", USUAL_PATH);
        inherited.forEach((name, value) -> {
            if (INHERITED.contains(name) || passed.contains(name)) {
                environment.put(name, value);
            }
        });
        // One HOME for each instance: some versions keep the device's identity there whatever else they are told. XDG_*
        // too: Chromium's crash reports go to /tmp/openclaw/.chromium otherwise, for all gateways of a host in one.
        environment.put("HOME", home.home().toString());
        environment.put("TMPDIR", home.tmp().toString());
        environment.put("XDG_CACHE_HOME", home.xdg("cache").toString());
        environment.put("XDG_CONFIG_HOME", home.xdg("config").toString());
        environment.put("XDG_DATA_HOME", home.xdg("data").toString());
        environment.put("XDG_STATE_HOME", home.xdg("state").toString());
        environment.put("XDG_RUNTIME_DIR", home.xdg("runtime").toString());
        environment.put("NO_COLOR", "1");
        return environment;
    }
}
