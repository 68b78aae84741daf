package io.gatefleet.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatefleet token}: who may do what. */
@Command(
        name = "token",
        header = "Makes and takes back the tokens that services ask for.",
        description = {
            "",
            "A service that others can reach is started with --access-dir DIR. This command writes the files in DIR:"
                    + " hashes of tokens, keys that seal the tokens of nodes, and what was revoked. Services see a change"
                    + " within a second. All registries need the same node-keys.",
            "",
            "Examples:",
            "  gatefleet token new --access-dir access --role join --name nodes \\",
            "                      --out join-token",
            "  gatefleet token new --access-dir access --role admin --name alice \\",
            "                      --out ~/.gatefleet/token",
            "  gatefleet token list --access-dir access",
            "  gatefleet token revoke --access-dir access alice",
            "  gatefleet token revoke --access-dir access mill/main",
        },
        subcommands = {
            TokenNewCommand.class,
            TokenListCommand.class,
            TokenRevokeCommand.class,
            TokenKeysCommand.class,
        })
final class TokenCommand {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private HelpOption help = new HelpOption();
}
