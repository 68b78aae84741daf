package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartPolicyTest {
    /**
     * Each row is a history: {@code CODE@SECONDS}, where the seconds are those at which a life ended, counted from the
     * first start. Asked is what follows the last end. A life begins when the pause before it is over.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # 78 is "config, lock or second gateway"; OpenClaw's own units have RestartPreventExitStatus=78.
            a configuration that it does not start with  | 78@3                          | never     |
            also after it ran well                       | 78@9000                       | never     |
            also after crashes                           | 1@10 78@20                    | never     |
            # 0 unasked may mean "restart me": a supervisor's mark, or a config change.
            ended by itself in order                     | 0@10                          | again 1   |
            in order again and again: no crash loop      | 0@10 0@12 0@15                | again 4   |
            a crash                                      | 1@10                          | again 1   |
            killed                                       | 137@10                        | again 1   |
            adopted, so nobody knows the code: a crash   | ?@10                          | again 1   |
            # 3 unclean boots in 5 minutes, and OpenClaw's 4th leaves its channels off.
            the second crash within 5 minutes            | 1@10 1@20                     | again 120 | crash-loop
            the third: until only two are in the window  | 1@10 1@20 1@150               | again 161 | crash-loop
            # 1@10 has left the window; 20 and 311 are in it
            an older one counts no more                  | 1@10 1@20 1@311               | again 120 | crash-loop
            # A life as long as the window forgives what was before it.
            the second crash an hour later               | 1@10 1@3600                   | again 1   |
            crashes and orderly ends are counted apart   | 1@10 0@20 0@30                | again 4   |
            a crash after orderly ends                   | 0@10 0@20 1@30                | again 4   |
            """)
    void decides(String why, String history, String verdict, String crashLoop) {
        RestartPolicy policy =
                new RestartPolicy(GatewayConfig.of(Flavor.SIMULATED).times());
        RestartPolicy.Verdict last = new RestartPolicy.Verdict(true, java.time.Duration.ZERO, false);
        long begins = 0;
        for (String end : history.split(" ", -1)) {
            String[] parts = end.split("@", -1);
            OptionalInt code = parts[0].equals("?") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[0]));
            long now = Long.parseLong(parts[1]) * 1000;
            last = policy.ended(code, now, Math.max(0, now - begins));
            begins = now + last.pause().toMillis();
        }

        assertThat(last.again() ? "again " + last.pause().toSeconds() : "never").isEqualTo(verdict);
        assertThat(last.crashLoop()).isEqualTo("crash-loop".equals(crashLoop));
    }

    @ParameterizedTest(name = "never 3 boots after crashes within the window: a crash every {0} s of life")
    @CsvSource({"1", "5", "20", "60", "100", "290"})
    void neverTripsTheGatewaysOwnBreaker(long lifeSeconds) {
        RestartPolicy policy =
                new RestartPolicy(GatewayConfig.of(Flavor.SIMULATED).times());
        java.util.List<Long> crashes = new java.util.ArrayList<>();
        long now = 0;
        for (int life = 0; life < 40; life++) {
            now += lifeSeconds * 1000;
            crashes.add(now);
            RestartPolicy.Verdict verdict = policy.ended(OptionalInt.of(1), now, lifeSeconds * 1000);
            long boot = now + verdict.pause().toMillis();
            assertThat(crashes.stream().filter(crash -> boot - crash < 300_000))
                    .as("crashes that the gateway counts at its boot after life %d", life)
                    .hasSizeLessThanOrEqualTo(2);
            now = boot;
        }
    }

    @ParameterizedTest(name = "orderly end {0} pauses {1} s")
    @CsvSource({"1, 1", "2, 2", "5, 16", "9, 256", "10, 300", "60, 300"})
    void thePauseDoublesUpToItsLimit(int ends, long seconds) {
        RestartPolicy policy =
                new RestartPolicy(GatewayConfig.of(Flavor.SIMULATED).times());
        long pause = 0;
        for (int end = 0; end < ends; end++) {
            pause = policy.ended(OptionalInt.of(0), end * 1000L, 10).pause().toSeconds();
        }

        assertThat(pause).isEqualTo(seconds);
    }
}
