package io.gatefleet.cli;

import io.gatefleet.runtime.access.Revocation;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatefleet token revoke}. */
@Command(
        name = "revoke",
        header = "Takes a token back: by its name, or that of a node by HOST/INSTANCE.",
        description = {
            "",
            "Of a node, every token made until now is revoked; with a join token it can join again after a term of"
                    + " silence, and its gateway runs on meanwhile. HOST/* means all instances of a host, '*/*' all nodes.",
            "",
            "Examples:",
            "  gatefleet token revoke --access-dir access alice",
            "  gatefleet token revoke --access-dir access mill/main",
            "  gatefleet token revoke --access-dir access 'mill/*'",
        })
final class TokenRevokeCommand implements Runnable {
    @Mixin
    private AccessDir access = new AccessDir();

    @Mixin
    private Screen screen = new Screen();

    @Parameters(index = "0", paramLabel = "WHOSE", description = "A token's NAME, or HOST/INSTANCE.")
    private String subject = "";

    @Override
    public void run() {
        try {
            if (subject.contains("/")) {
                // To the millisecond above: what was made in this one is revoked too.
                Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
                access.editor().revoke(Revocation.of(subject, now));
                screen.print(List.of("Node tokens of %s made before %s are revoked.".formatted(subject, now)));
            } else if (access.editor().removeToken(subject)) {
                screen.print(List.of("The token %s is taken back.".formatted(subject)));
            } else {
                throw new CannotGoOn(
                        Exit.NO,
                        "name: %s (expected: that of a token)".formatted(subject),
                        "See: gatefleet token list");
            }
        } catch (IOException cause) {
            throw new CannotGoOn(Exit.CANNOT_ASK, "cannot be written: " + cause, "");
        }
    }
}
