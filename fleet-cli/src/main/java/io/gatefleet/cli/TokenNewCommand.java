package io.gatefleet.cli;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.runtime.access.AccessEditor;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatefleet token new}. */
@Command(
        name = "new",
        header = "Makes a token, for a person, a program, or nodes that join.",
        description = {
            "",
            "read looks, admin changes too, join lets nodes in under names that nobody living has. What is kept is the"
                    + " token's hash: the token itself is shown once. The first join token comes with the key that seals"
                    + " the tokens of nodes.",
            "",
            "Examples:",
            "  gatefleet token new --access-dir access --role read --name prometheus \\",
            "                      --out prometheus-token",
            "  gatefleet token new --access-dir access --role join --name mill-nodes \\",
            "                      --host mill --out join-token",
        })
final class TokenNewCommand implements Runnable {
    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private AccessDir access = new AccessDir();

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "read, admin or join.")
    private Role role = Role.READ;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "For the audit log; each name once.")
    private String name = "";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The only host under which this join token lets nodes in. Default: any.")
    private @Nullable HostId host;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "A new file for the token, mode 0600. Default: it is printed.")
    private @Nullable Path out;

    @Override
    public void run() {
        AccessEditor editor = access.editor();
        String token = OperatorToken.random(role);
        OperatorToken kept = OperatorToken.of(name, role, token, host);
        try {
            if (out != null) {
                Files.createFile(
                        out, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            boolean done = false;
            try {
                editor.add(kept);
                done = true;
            } finally {
                if (!done && out != null) {
                    Files.delete(out);
                }
            }
            if (role == Role.JOIN && editor.keys().isEmpty()) {
                editor.addKey("k1");
                say("Made the key that seals node tokens too: every registry needs the same " + access.path()
                        + "/node-keys.");
            }
            if (out == null) {
                command.commandLine().getOut().println(token);
                command.commandLine().getOut().flush();
            } else {
                Files.writeString(out, token + "\n");
            }
        } catch (FileAlreadyExistsException there) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK, "--out: %s (expected: a file that is not there yet)".formatted(out), "");
        } catch (IOException cause) {
            throw new CannotGoOn(Exit.CANNOT_ASK, "cannot be written: " + cause, "");
        }
        say(
                switch (role) {
                    case JOIN -> "Nodes take it by --join-token-file FILE.";
                    case READ, ADMIN -> "Show it by --token-file FILE, or GATEFLEET_TOKEN_FILE.";
                });
    }

    /** Beside the token, which alone goes to standard output. */
    private void say(String line) {
        command.commandLine().getErr().println(line);
        command.commandLine().getErr().flush();
    }
}
