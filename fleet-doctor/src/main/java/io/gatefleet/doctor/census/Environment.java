package io.gatefleet.doctor.census;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The variables that decide where a gateway stands and what it reads. Nothing else of an environment is kept, and of
 * secrets only whether they are there.
 *
 * @param values name to value, blank ones left out
 * @param secrets name to what is known
 */
public record Environment(Map<String, String> values, Map<String, Secret> secrets) {
    public static final Environment EMPTY = new Environment(Map.of(), Map.of());

    private static final Set<String> SHARED =
            Set.of("HOME", "TMPDIR", "PATH", "INVOCATION_ID", "FLY_MACHINE_ID", "FLY_APP_NAME");
    private static final List<String> FAMILIES = List.of("OPENCLAW_", "CLAWDBOT_", "OMNICLAW_");
    private static final Set<String> OWN = Set.of(
            "HOME",
            "PROFILE",
            "STATE_DIR",
            "CONFIG_PATH",
            "GATEWAY_PORT",
            "BROWSER_CONTROL_URL",
            "EAGER_BROWSER_CONTROL_SERVER",
            "DISABLE_BONJOUR",
            "CONFIG_READONLY",
            "WORKSPACE_DIR",
            "SERVICE_VERSION",
            "SYSTEMD_UNIT",
            "ALLOW_PUBLIC_BIND");
    private static final Set<String> OWN_SECRETS = Set.of("GATEWAY_TOKEN", "GATEWAY_PASSWORD");

    public Environment {
        values = Map.copyOf(values);
        secrets = Map.copyOf(secrets);
    }

    /** Of {@code NAME=value} pairs what is of use here. */
    public static Environment of(Stream<Map.Entry<String, String>> variables) {
        Map<String, String> values = new HashMap<>();
        Map<String, Secret> secrets = new HashMap<>();
        variables.forEach(variable -> {
            String name = variable.getKey();
            String value = variable.getValue().strip();
            if (isSecret(name)) {
                secrets.put(name, value.isEmpty() ? Secret.EMPTY : Secret.PRESENT);
            } else if (isWanted(name) && !value.isEmpty()) {
                values.put(name, value);
            }
        });
        return new Environment(values, secrets);
    }

    /** Whether a variable holds a gateway's secret. */
    public static boolean isSecret(String name) {
        return own(name, OWN_SECRETS::contains);
    }

    private static boolean isWanted(String name) {
        return SHARED.contains(name) || own(name, OWN::contains);
    }

    private static boolean own(String name, Predicate<String> wanted) {
        return FAMILIES.stream()
                .filter(name::startsWith)
                .anyMatch(family -> wanted.test(name.substring(family.length())));
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public Secret secret(String name) {
        return secrets.getOrDefault(name, Secret.ABSENT);
    }

    /** Whether a switch is on, as gateways read it. */
    public boolean on(String name) {
        return value(name)
                .filter(value -> Set.of("1", "true", "yes", "on").contains(value.toLowerCase(Locale.ROOT)))
                .isPresent();
    }
}
