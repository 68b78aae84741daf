package io.gatefleet.cli;

import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.gateway.Cli;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet env}: the environment of one instance. */
@Command(
        name = "env",
        header = "Prints the environment of one instance's gateway.",
        description = {
            "",
            "As lines for a shell. Secrets are left out, and the file that holds the token is named instead.",
            "",
            "Examples:",
            "  gatefleet env rescue",
            "  env -i $(gatefleet env rescue --json | jq -r 'to_entries[]|\"\\(.key)=\\(.value)\"') sh",
            "  eval \"$(gatefleet env rescue --show-secrets)\"",
        })
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private InstanceChoice choice = new InstanceChoice();

    @Mixin
    private Screen screen = new Screen();

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Whose, for example main.")
    private @Nullable InstanceId instance;

    @Option(names = "--show-secrets", description = "The token too.")
    private boolean secrets;

    @Override
    public Integer call() throws IOException {
        Cli cli = choice.cli(Objects.requireNonNull(instance));
        Map<String, String> environment = new TreeMap<>(cli.environment());
        if (secrets) {
            environment.putAll(cli.secrets());
        }
        if (screen.wantsJson()) {
            screen.printJson(environment);
            return Exit.OK;
        }
        List<String> lines = new ArrayList<>();
        environment.forEach((name, value) -> lines.add("export " + name + "=" + quoted(value)));
        if (!secrets) {
            lines.add("# the token is in " + cli.tokenFile());
        }
        screen.print(lines);
        return Exit.OK;
    }

    /** For a shell: in single quotes, unless every character is harmless. */
    static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:=@%+,-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
