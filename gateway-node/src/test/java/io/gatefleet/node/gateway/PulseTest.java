package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.node.gateway.Answer.Hello;
import io.gatefleet.node.gateway.Answer.Identity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final Answer DEAD = Answer.bad(false, "connection refused", 1);

    private final Pulse pulse = new Pulse("2026.9.6");

    @Test
    void oneBadAnswerIsNoneAndTwoAre() {
        take(ready(1, null));
        take(DEAD);
        assertThat(pulse.probe()).isNotNull();
        assertThat(pulse.probe().live()).isTrue();
        assertThat(pulse.probe().badInARow()).isEqualTo(1);
        assertThat(pulse.probe().detail()).isEqualTo("connection refused");

        take(DEAD);
        assertThat(pulse.probe().live()).isFalse();
        assertThat(pulse.probe().badInARow()).isEqualTo(2);

        take(ready(2, null));
        assertThat(pulse.probe().live()).isTrue();
        assertThat(pulse.probe().badInARow()).isZero();
    }

    @Test
    void anotherGatewayOnThePortIsNoMatterOfCounting() {
        take(ready(1, "a"));

        pulse.take(ready(2, "b"), Optional.of(new Finding("wrong-gateway", "somebody else")));

        assertThat(pulse.probe()).isNotNull();
        assertThat(pulse.probe().live()).isFalse();
        assertThat(pulse.bootId()).as("a stranger's name is not believed").isEqualTo("a");
        assertThat(pulse.restartsInProcess()).isZero();
        assertThat(pulse.wantsIdentity()).isTrue();
    }

    @Test
    void itIsAskedForItsNameOncePerLife() {
        assertThat(pulse.wantsIdentity()).isTrue();
        take(ready(1_000, "a"));
        assertThat(pulse.wantsIdentity()).isFalse();
        take(ready(6_000, null));
        assertThat(pulse.wantsIdentity()).isFalse();
        assertThat(pulse.bootId()).isEqualTo("a");
    }

    @Test
    void aRestartBetweenTwoProbesShowsInItsUptime() {
        take(ready(60_000, "a"));

        take(ready(900, null));

        assertThat(pulse.wantsIdentity()).isTrue();
        take(ready(1_900, "b"));
        assertThat(pulse.bootId()).isEqualTo("b");
        assertThat(pulse.restartsInProcess()).isEqualTo(1);
        assertThat(pulse.wantsIdentity()).isFalse();
    }

    @Test
    void anAbsenceIsReasonToAskAgainButNoRestart() {
        take(ready(1_000, "a"));
        take(DEAD);
        assertThat(pulse.wantsIdentity()).isTrue();

        take(ready(9_000, "a"));

        assertThat(pulse.restartsInProcess()).isZero();
    }

    @Test
    void aRefusedTokenIsSaidUnlessAnotherProcessAnswers() {
        Answer refused = new Answer(true, false, false, false, List.of(), Identity.REFUSED, null, "no", 1);
        Finding stranger = new Finding("wrong-gateway", "somebody else");

        assertThat(Pulse.finding(refused, Optional.empty()))
                .hasValueSatisfying(finding -> assertThat(finding.code()).isEqualTo("token-refused"));
        assertThat(Pulse.finding(refused, Optional.of(stranger))).contains(stranger);
        assertThat(Pulse.finding(DEAD, Optional.empty())).isEmpty();
    }

    private void take(Answer answer) {
        pulse.take(answer, Optional.empty());
    }

    private static Answer ready(long uptimeMillis, @Nullable String bootId) {
        Identity identity = bootId == null ? Identity.of(null) : new Identity(Hello.ACCEPTED, null, bootId);
        return new Answer(true, true, true, false, List.of(), identity, uptimeMillis, null, 1);
    }
}
