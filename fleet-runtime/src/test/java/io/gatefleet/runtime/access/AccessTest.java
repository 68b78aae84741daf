package io.gatefleet.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    @TempDir
    private Path directory = Path.of("");

    private final String alice = OperatorToken.random(Role.ADMIN);
    private final String bob = OperatorToken.random(Role.READ);

    @BeforeEach
    void write() throws IOException {
        tokens(OperatorToken.of("alice", Role.ADMIN, alice, null));
    }

    private void tokens(OperatorToken... tokens) throws IOException {
        List<String> lines = List.of(tokens).stream().map(OperatorToken::line).toList();
        Files.writeString(directory.resolve("tokens"), "# who\n\n" + String.join("\n", lines) + "\n");
    }

    @Test
    void filesAreReadAgainWhenTheyChange() throws IOException {
        Access access = Access.by(directory, false);
        assertThat(access.recognise(alice)).isEqualTo(new Caller.Operator("alice", Role.ADMIN));
        assertThat(access.recognise(bob)).isInstanceOf(Caller.Stranger.class);
        assertThat(access.letsNodesIn()).isFalse();

        tokens(OperatorToken.of("bob", Role.READ, bob, null));
        Files.writeString(directory.resolve("node-keys"), NodeKey.line("k1") + "\n");
        access.refresh();

        assertThat(access.recognise(alice)).isInstanceOf(Caller.Stranger.class);
        assertThat(access.recognise(bob)).isEqualTo(new Caller.Operator("bob", Role.READ));
        assertThat(access.letsNodesIn()).isTrue();
    }

    @Test
    void whatCannotBeUsedLeavesInForceWhatWasKnown() throws IOException {
        Access access = Access.by(directory, false);
        Files.writeString(directory.resolve("tokens"), "alice admin nonsense\n");

        access.refresh();

        assertThat(access.recognise(alice)).isEqualTo(new Caller.Operator("alice", Role.ADMIN));
    }

    @Test
    void aDirectoryWithoutTokensSaysHowToMakeOne() {
        assertThatThrownBy(() -> Access.by(directory.resolve("nowhere"), false))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("gatefleet token new");
    }

    @Test
    void aWrongLineIsNamedByFileAndNumber() throws IOException {
        Files.writeString(directory.resolve("revoked"), "# none\nmill/main tomorrow\n");

        assertThatThrownBy(() -> Access.by(directory, false))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("revoked line 2")
                .hasMessageContaining("tomorrow");
    }

    @Test
    void withoutAccessEverybodyIsAnybody() {
        assertThat(Access.off().recognise(null)).isEqualTo(Caller.NOBODY);
        assertThat(Access.off().isOff()).isTrue();
    }
}
