package io.gatefleet.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is admitted to what: every need with every kind of caller, asking for {@code mill/main}. */
class NeedsTest {
    private static final Map<String, Caller> CALLERS = Map.of(
            "none",
            Caller.Stranger.WITHOUT,
            "wrong",
            Caller.Stranger.UNKNOWN,
            "read",
            new Caller.Operator("prometheus", Role.READ),
            "admin",
            new Caller.Operator("alice", Role.ADMIN),
            "join",
            new Caller.Joiner("nodes", null),
            "join@mill",
            new Caller.Joiner("mill-nodes", new HostId("mill")),
            "join@barn",
            new Caller.Joiner("barn-nodes", new HostId("barn")),
            "own",
            node("mill", "main"),
            "other",
            node("mill", "rescue"),
            "elsewhere",
            node("barn", "main"));
    private static final List<String> COLUMNS =
            List.of("none", "wrong", "read", "admin", "join", "join@mill", "join@barn", "own", "other", "elsewhere");

    private static Caller node(String host, String instance) {
        return new Caller.Node(
                new NodeToken(new InstanceKey(new HostId(host), new InstanceId(instance)), 1_764_000_000_000L, "k1"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            #        | none | wrong | read | admin | join | join@mill | join@barn | own | other | elsewhere
            NOTHING  | ok   | ok    | ok   | ok    | ok   | ok        | ok        | ok  | ok    | ok
            METRICS  | 401  | 401   | ok   | ok    | 403  | 403       | 403       | 403 | 403   | 403
            READ     | 401  | 401   | ok   | ok    | 403  | 403       | 403       | 403 | 403   | 403
            ADMIN    | 401  | 401   | 403  | ok    | 403  | 403       | 403       | 403 | 403   | 403
            JOIN     | 401  | 401   | 403  | 403   | ok   | ok        | 403       | ok  | 403   | 403
            OWN_NODE | 401  | 401   | 403  | 403   | 403  | 403       | 403       | ok  | 403   | 403
            """)
    void everyNeedAdmitsThoseAndNobodyElse(
            Needs needs,
            String none,
            String wrong,
            String read,
            String admin,
            String join,
            String joinMill,
            String joinBarn,
            String own,
            String other,
            String elsewhere) {
        List<String> expected = List.of(none, wrong, read, admin, join, joinMill, joinBarn, own, other, elsewhere);

        List<String> answers = COLUMNS.stream()
                .map(column -> needs.denial(Objects.requireNonNull(CALLERS.get(column)), "mill", "main")
                        .map(denial -> Integer.toString(denial.status()))
                        .orElse("ok"))
                .toList();

        assertThat(answers).isEqualTo(expected);
    }
}
