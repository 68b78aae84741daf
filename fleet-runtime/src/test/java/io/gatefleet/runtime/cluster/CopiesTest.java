package io.gatefleet.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private long now = Long.MAX_VALUE - 5; // clocks of this kind begin anywhere, and run over
    private final Copies copies = new Copies(() -> now);

    @Test
    void whoHasNotLookedYetDoesNotKnow() {
        assertThat(copies.trouble()).hasValueSatisfying(why -> assertThat(why).contains("not looked at yet"));
        copies.look();
        assertThat(copies.trouble()).as("a question is no answer").isPresent();
    }

    @Test
    void whatWasSeenIsBelievedForAFewLooks() {
        look(true);
        pass(3_000);
        assertThat(copies.trouble()).isEmpty();
        look(false);
        assertThat(copies.trouble()).hasValueSatisfying(why -> assertThat(why).contains("copies"));
        look(true);
        assertThat(copies.trouble()).isEmpty();
    }

    @Test
    void whoStoodStillKnowsNothingUntilItHasLookedAnew() {
        look(true);
        pass(12_000);
        assertThat(copies.trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("12000 ms", "stood still", "do not answer"));
        look(true);
        assertThat(copies.trouble())
                .as("asked before the others' word came that they removed it")
                .hasValueSatisfying(why -> assertThat(why).contains("stood still", "waits to hear"));
        pass(2_000);
        look(true);
        assertThat(copies.trouble()).isPresent();
        pass(2_000);
        look(true);
        assertThat(copies.trouble()).isEmpty();
        pass(1_000);
        look(true);
        assertThat(copies.trouble()).as("one pause is waited for once").isEmpty();
    }

    @Test
    void anAnswerToAQuestionFromBeforeThePauseIsNoNews() {
        look(true);
        pass(1_000);
        long begun = copies.look().orElseThrow();
        pass(12_000);
        copies.seen(begun, true);
        assertThat(copies.trouble()).isPresent();
    }

    @Test
    void whoIsNotAnsweredSaysSoAndAsksNoSecondTimeMeanwhile() {
        look(true);
        long begun = copies.look().orElseThrow();
        pass(2_000);
        assertThat(copies.look()).isEmpty();
        pass(1_001);
        assertThat(copies.trouble()).hasValueSatisfying(why -> assertThat(why).contains("do not answer"));
        copies.seen(begun, false);
        assertThat(copies.look()).isPresent();
    }

    private void look(boolean safe) {
        copies.seen(copies.look().orElseThrow(), safe);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
