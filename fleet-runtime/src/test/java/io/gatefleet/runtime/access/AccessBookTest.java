package io.gatefleet.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessBookTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill.example"), new InstanceId("main"));
    private static final Caller JOINER = new Caller.Joiner("nodes", null);
    private static final Instant NOW = Instant.parse("2026-11-28T15:00:00Z");

    private final NodeKey first = key("k1");
    private final NodeKey second = key("k2");

    private static NodeKey key(String id) {
        String[] line = NodeKey.line(id).split(" ", -1);
        return NodeKey.of(line[0], line[1]);
    }

    private static AccessBook book(List<NodeKey> keys, Revocation... revocations) {
        return new AccessBook(List.of(), keys, List.of(revocations));
    }

    private static String token(AccessBook book) {
        return book.tokenFor(JOINER, MAIN, NOW.toEpochMilli()).orElseThrow();
    }

    @Test
    void aTokenIsKnownByItsHashAlone() {
        String token = OperatorToken.random(Role.ADMIN);
        OperatorToken kept = OperatorToken.of("alice", Role.ADMIN, token, null);

        assertThat(kept.line()).doesNotContain(token).startsWith("alice admin ");
        AccessBook book = new AccessBook(List.of(OperatorToken.parse(kept.line())), List.of(), List.of());
        assertThat(book.recognise(token)).isEqualTo(new Caller.Operator("alice", Role.ADMIN));
        assertThat(book.recognise(token + "x")).isEqualTo(Caller.Stranger.UNKNOWN);
        assertThat(book.recognise(kept.sha256())).as("the hash is no token").isEqualTo(Caller.Stranger.UNKNOWN);
        assertThat(book.recognise(null)).isEqualTo(Caller.Stranger.WITHOUT);
        assertThat(book.recognise("")).isEqualTo(Caller.Stranger.UNKNOWN);
    }

    @Test
    void aNodeTokenSaysWhoseItIsAndEveryRegistryWithTheKeyKnowsIt() {
        String token = token(book(List.of(first)));

        Caller caller = book(List.of(second, first)).recognise(token);

        assertThat(caller).isEqualTo(new Caller.Node(new NodeToken(MAIN, NOW.toEpochMilli(), "k1")));
        assertThat(book(List.of(second)).recognise(token)).as("its key is gone").isEqualTo(Caller.Stranger.UNKNOWN);
        assertThat(book(List.of(key("k1"))).recognise(token))
                .as("another secret under the same name")
                .isEqualTo(Caller.Stranger.UNKNOWN);
    }

    @Test
    void noLetterOfANodeTokenCanBeAnother() {
        AccessBook book = book(List.of(first));
        String token = token(book);

        for (int at = 0; at < token.length(); at++) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, at) + other + token.substring(at + 1);
            // The last letter of base64 has bits that count for nothing; they must not make a second spelling either.
            assertThat(book.recognise(forged)).as("letter %d of %s", at, forged).isEqualTo(Caller.Stranger.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gfn1.", "gfn1..", "gfn1.A.B", "gfn1.a b c d.e", "gfn1.~.~", "gfn1.aWE.", "gfn1"})
    void whatIsNoNodeTokenIsUnknown(String text) {
        assertThat(book(List.of(first)).recognise(text)).isEqualTo(Caller.Stranger.UNKNOWN);
    }

    @ParameterizedTest(name = "{0} before {1}: {2}")
    @CsvSource({
        "mill.example/main,   2026-11-28T15:00:00.001Z, revoked",
        "mill.example/*,      2026-11-28T15:00:00.001Z, revoked",
        "*/*,                 2026-11-28T15:00:00.001Z, revoked",
        "mill.example/main,   2026-11-28T15:00:00Z,     counts",
        "mill.example/rescue, 2026-11-29T15:00:00Z,     counts",
        "barn/*,              2026-11-29T15:00:00Z,     counts"
    })
    void aRevocationCoversTheTokensThatWereMadeBefore(String subject, String before, String outcome) {
        Revocation revocation = Revocation.parse(subject + " " + before);
        AccessBook book = book(List.of(first), Revocation.parse(revocation.line()));

        Caller caller = book.recognise(token(book));

        if (outcome.equals("revoked")) {
            assertThat(caller).isInstanceOf(Caller.Stranger.class);
            assertThat(((Caller.Stranger) caller).code()).isEqualTo("token-revoked");
        } else {
            assertThat(caller).isInstanceOf(Caller.Node.class);
        }
    }

    @Test
    void aTokenOfAKeyThatNoLongerComesFirstIsMadeAnewAndOneOfTheFirstIsNot() {
        AccessBook before = book(List.of(first));
        AccessBook after = book(List.of(second, first));
        Caller old = after.recognise(token(before));

        String renewed = after.tokenFor(old, MAIN, NOW.toEpochMilli()).orElseThrow();

        assertThat(book(List.of(second)).recognise(renewed)).isInstanceOf(Caller.Node.class);
        assertThat(after.tokenFor(after.recognise(renewed), MAIN, NOW.toEpochMilli()))
                .isEmpty();
        assertThat(after.tokenFor(new Caller.Operator("alice", Role.ADMIN), MAIN, 1))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice admin",
                "alice root 0000000000000000000000000000000000000000000000000000000000000000",
                "alice admin gfa1.this-is-the-token-itself-by-mistake",
                "a/b admin 0000000000000000000000000000000000000000000000000000000000000000",
                "alice admin 0000000000000000000000000000000000000000000000000000000000000000 mill"
            })
    void aLineThatCannotBeUsedIsComplainedAboutWithoutShowingIt(String line) {
        assertThatThrownBy(() -> OperatorToken.parse(line))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("expected")
                .hasMessageNotContaining("this-is-the-token");
    }

    @Test
    void aKeyIsNeverShown() {
        assertThatThrownBy(() -> NodeKey.of("k1", "c2hvcnQtc2VjcmV0"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("32 random bytes")
                .hasMessageNotContaining("c2hvcnQ");
        assertThat(first.toString()).isEqualTo("NodeKey[k1]");
        assertThat(book(List.of(first)).toString()).isEqualTo("0 tokens, node keys [k1], 0 revocations");
    }
}
