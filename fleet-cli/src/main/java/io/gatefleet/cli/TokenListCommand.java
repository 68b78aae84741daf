package io.gatefleet.cli;

import io.gatefleet.runtime.access.OperatorToken;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatefleet token list}. */
@Command(
        name = "list",
        header = "Shows which tokens there are: names and roles.",
        description = {"", "Example:", "  gatefleet token list --access-dir access"})
final class TokenListCommand implements Runnable {
    @Mixin
    private AccessDir access = new AccessDir();

    @Mixin
    private Screen screen = new Screen();

    @Override
    public void run() {
        try {
            List<String> lines = access.editor().tokens().stream()
                    .map(TokenListCommand::line)
                    .toList();
            screen.print(lines.isEmpty() ? List.of("No tokens in " + access.path() + ".") : lines);
        } catch (IOException cause) {
            throw new CannotGoOn(Exit.CANNOT_ASK, "cannot be read: " + cause, "");
        }
    }

    private static String line(OperatorToken token) {
        return "%-5s  %s%s"
                .formatted(token.role(), token.name(), token.host() == null ? "" : "  (host " + token.host() + ")");
    }
}
