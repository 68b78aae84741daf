package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path access = Path.of("");

    @BeforeEach
    void place() {
        access = directory.resolve("access");
    }

    private int token(String words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of("token"));
        arguments.addAll(List.of(words.split(" ", -1)));
        arguments.addAll(List.of("--access-dir", access.toString()));
        CommandLine line = Gatefleet.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments.toArray(String[]::new));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aNewTokenIsPrintedOnceAndItsHashIsKept() throws IOException {
        assertThat(token("new --role admin --name alice")).isZero();

        String made = out.toString().strip();
        assertThat(made).startsWith("gfa1.");
        assertThat(err.toString()).contains("--token-file").doesNotContain(made);
        assertThat(Files.readString(access.resolve("tokens")))
                .contains("alice admin ")
                .doesNotContain(made);
        assertThat(mode(access.resolve("tokens"))).isEqualTo("rw-------");
        assertThat(mode(access)).isEqualTo("rwx------");
        assertThat(Access.by(access, false).recognise(made)).isEqualTo(new Caller.Operator("alice", Role.ADMIN));
    }

    @Test
    void aTokenForNodesComesWithAKeyAndGoesToAFileOfItsOwn() throws IOException {
        Path file = directory.resolve("join-token");

        assertThat(token("new --role join --name nodes --out " + file)).isZero();

        assertThat(out.toString()).isEmpty();
        assertThat(mode(file)).isEqualTo("rw-------");
        Access made = Access.by(access, false);
        assertThat(made.recognise(Files.readString(file).strip())).isEqualTo(new Caller.Joiner("nodes", null));
        assertThat(made.letsNodesIn()).isTrue();
        assertThat(token("new --role join --name others --out " + file)).isEqualTo(Exit.CANNOT_ASK);
        assertThat(err.toString()).contains("a file that is not there yet");
        assertThat(Files.readString(access.resolve("tokens"))).doesNotContain("others");
    }

    @Test
    void aNameIsTakenOnce() {
        assertThat(token("new --role read --name alice")).isZero();
        assertThat(token("new --role admin --name alice")).isEqualTo(Exit.CANNOT_ASK);
        assertThat(err.toString()).contains("name: alice (expected: a name that no token has");
        assertThat(token("list")).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("read   alice\n");
    }

    @Test
    void aTokenIsTakenBackByItsNameAndWhatPeopleWroteStays() throws IOException {
        token("new --role read --name alice");
        token("new --role read --name bob");
        Path tokens = access.resolve("tokens");
        Files.writeString(tokens, "# of the night shift\n" + Files.readString(tokens));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(token("revoke alice")).isZero();

        assertThat(Files.readString(tokens))
                .startsWith("# of the night shift")
                .contains("bob")
                .doesNotContain("alice");
        assertThat(mode(tokens)).isEqualTo("rw-r-----");
        assertThat(token("revoke alice")).isEqualTo(Exit.NO);
        assertThat(err.toString()).contains("gatefleet token list");
    }

    @Test
    void aNodesTokensAreRevokedByItsName() throws IOException {
        assertThat(token("revoke mill/main")).isZero();
        assertThat(token("revoke mill/main")).isZero();
        assertThat(token("revoke mill/*")).isZero();

        assertThat(Files.readAllLines(access.resolve("revoked")))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("mill/main 20"))
                .anySatisfy(line -> assertThat(line).startsWith("mill/* 20"));
        assertThat(token("revoke */main")).isEqualTo(Exit.CANNOT_ASK);
    }

    @Test
    void aKeyIsReplacedInThreeSteps() throws IOException {
        token("new --role join --name nodes");
        assertThat(token("keys --remove k1")).as("the only one").isEqualTo(Exit.CANNOT_ASK);

        assertThat(token("keys --add k2")).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("k1  makes tokens\nk2  is known\n");
        assertThat(token("keys --use k2")).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("k2  makes tokens\nk1  is known\n");
        assertThat(token("keys --remove k1")).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("k2  makes tokens\n");
        assertThat(Files.readString(access.resolve("node-keys"))).doesNotContain("k1");
    }
}
