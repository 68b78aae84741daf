package io.gatefleet.registry.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandNews;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two registries' books, and time that moves by assignment. */
class CommandBookTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final InstanceKey RESCUE = new InstanceKey(new HostId("mill"), new InstanceId("rescue"));
    private static final CommandResult DONE = new CommandResult.Done("restarted", null);

    private final CommandBook book = new CommandBook("a");
    private final CommandBook other = new CommandBook("b");
    private final Set<InstanceKey> lost = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<CommandId> underWay = new HashSet<>();
    private long now = 1_000;

    private static Command restart(int number) {
        return command(MAIN, number, new Order.Restart());
    }

    private static Command command(InstanceKey instance, int number, Order order) {
        return new Command(new CommandId("command-" + number), instance, order, "maria", null, 30_000);
    }

    private Asking ask(Command command) {
        return book.ask(command, gone::contains, now);
    }

    private CommandView view(Command command) {
        return book.find(command.instance(), command.id(), now).orElseThrow();
    }

    private List<CommandView> tick(CommandBook whose) {
        return whose.tick(command -> underWay.contains(command.id()), lost::contains, gone::contains, now);
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theSameIdIsTheSameCommand() {
        assertThat(ask(restart(1))).isInstanceOf(Asking.Fresh.class);
        after(Duration.ofSeconds(5));

        assertThat(ask(restart(1))).isInstanceOf(Asking.Repeated.class);
        assertThat(book.open(MAIN, now)).containsExactly(restart(1).within(25_000));
    }

    @Test
    void anotherOrderUnderAnIdIsRefusedAndTheSameIdOfAnotherInstanceIsNot() {
        ask(restart(1));

        assertThat(ask(command(MAIN, 1, new Order.Stop()))).isInstanceOf(Asking.IdTaken.class);
        assertThat(ask(command(RESCUE, 1, new Order.Stop()))).isInstanceOf(Asking.Fresh.class);
    }

    @Test
    void whatNobodyFetchedInTimeIsNotDoneAndStaysSo() {
        ask(restart(1));
        after(Duration.ofMillis(29_999));
        assertThat(tick(book)).isEmpty();
        after(Duration.ofMillis(2));

        assertThat(tick(book)).extracting(CommandView::state).containsExactly(State.ENDED);
        assertThat(view(restart(1)).result()).isInstanceOf(CommandResult.NotDone.class);
        assertThat(book.ended(MAIN, restart(1).id(), DONE, now)).isEmpty();
        assertThat(ask(restart(1))).isInstanceOf(Asking.Repeated.class);
    }

    @Test
    void nothingIsSaidOfACommandThatMayJustBeReachingItsNode() {
        ask(restart(1));
        underWay.add(restart(1).id());
        after(Duration.ofMinutes(1));

        assertThat(tick(book)).isEmpty();
        assertThat(view(restart(1)).state()).isEqualTo(State.ASKED);
    }

    @Test
    void whatReachedItsNodeIsNeverCalledUndoneHoweverLongTheWorkTakes() {
        ask(restart(1));
        assertThat(book.delivered(MAIN, restart(1).id(), now)).isPresent();
        assertThat(book.delivered(MAIN, restart(1).id(), now)).as("said once").isEmpty();
        after(Duration.ofMinutes(10));
        assertThat(tick(book)).isEmpty();

        assertThat(book.ended(MAIN, restart(1).id(), DONE, now)).isPresent();
        assertThat(view(restart(1)).result()).isEqualTo(DONE);
    }

    @Test
    void ifTheNodeIsLostNobodyKnowsUntilItComesBackAndSays() {
        ask(restart(1));
        book.delivered(MAIN, restart(1).id(), now);
        lost.add(MAIN);

        assertThat(tick(book)).hasSize(1);
        assertThat(view(restart(1)).result()).isInstanceOf(CommandResult.Unknown.class);
        assertThat(book.ended(MAIN, restart(1).id(), DONE, now)).isPresent();
        assertThat(view(restart(1)).result()).isEqualTo(DONE);
    }

    @Test
    void afterUnknownTheSameIdIsAskedOnceMore() {
        ask(restart(1));
        book.delivered(MAIN, restart(1).id(), now);
        lost.add(MAIN);
        tick(book);

        assertThat(ask(restart(1))).isInstanceOf(Asking.Fresh.class);
        assertThat(book.open(MAIN, now)).containsExactly(restart(1));
    }

    @Test
    void aNodeThatNeverSaysAnythingIsNotWaitedForForEver() {
        ask(restart(1));
        book.delivered(MAIN, restart(1).id(), now);
        after(Duration.ofSeconds(30).plus(CommandBook.LONGEST_WORK));

        assertThat(tick(book)).hasSize(1);
        assertThat(view(restart(1)).result()).isInstanceOf(CommandResult.Unknown.class);
    }

    @Test
    void whatAnInstanceDidNotGetRoundToIsBounded() {
        for (int i = 0; i < CommandBook.MOST_OPEN_OF_AN_INSTANCE; i++) {
            assertThat(ask(restart(i))).isInstanceOf(Asking.Fresh.class);
        }

        assertThat(ask(restart(99))).isInstanceOf(Asking.Full.class);
        assertThat(ask(command(RESCUE, 99, new Order.Stop()))).isInstanceOf(Asking.Fresh.class);
        book.ended(MAIN, restart(0).id(), DONE, now);
        assertThat(ask(restart(99))).isInstanceOf(Asking.Fresh.class);
    }

    @Test
    void theOldestThatEndedMakesRoom() {
        for (int i = 0; i < CommandBook.MOST; i++) {
            ask(restart(i));
            book.ended(MAIN, restart(i).id(), DONE, now);
        }

        assertThat(ask(restart(CommandBook.MOST))).isInstanceOf(Asking.Fresh.class);
        assertThat(book.find(MAIN, restart(0).id(), now)).isEmpty();
        assertThat(book.find(MAIN, restart(1).id(), now)).isPresent();
    }

    @Test
    void theNewestIsShownFirstAndEndedOnesAreForgottenAfterTenMinutes() {
        ask(restart(1));
        ask(restart(2));
        book.ended(MAIN, restart(1).id(), DONE, now);
        assertThat(book.list(MAIN, now))
                .extracting(view -> view.command().id())
                .containsExactly(restart(2).id(), restart(1).id());

        book.delivered(MAIN, restart(2).id(), now);
        after(CommandBook.KEEP_ENDED.plusSeconds(1));
        tick(book);

        assertThat(book.list(MAIN, now))
                .extracting(view -> view.command().id())
                .containsExactly(restart(2).id());
    }

    @Test
    void whatAGatewayPrintedIsKeptForAMinuteAndNotShownInLists() {
        Command tail = command(MAIN, 1, new Order.LogTail(10));
        ask(tail);
        CommandResult told = new CommandResult.Done("1 line", List.of("ready"));
        book.ended(MAIN, tail.id(), told, now);

        assertThat(view(tail).result()).isEqualTo(told);
        assertThat(book.list(MAIN, now).get(0).result()).isEqualTo(new CommandResult.Done("1 line", null));
        after(CommandBook.KEEP_LOGS.plusSeconds(1));
        tick(book);
        assertThat(view(tail).result()).isInstanceOfSatisfying(CommandResult.Done.class, done -> assertThat(done.log())
                .isNull());
    }

    @Test
    void noMoreThanThirtyTwoLogsAreKept() {
        for (int i = 0; i < CommandBook.MOST_LOGS + 5; i++) {
            Command tail = command(MAIN, i, new Order.LogTail(10));
            ask(tail);
            book.ended(MAIN, tail.id(), new CommandResult.Done("1 line", List.of("ready")), now);
            now++;
        }
        tick(book);

        long kept = 0;
        for (int i = 0; i < CommandBook.MOST_LOGS + 5; i++) {
            CommandView view = view(command(MAIN, i, new Order.LogTail(10)));
            kept += view.result() instanceof CommandResult.Done done && done.log() != null ? 1 : 0;
        }
        assertThat(kept).isEqualTo(CommandBook.MOST_LOGS);
    }

    @Test
    void anotherRegistryShowsWhatItWasToldAndDecidesNothing() {
        ask(restart(1));
        other.learn(new CommandNews("a", view(restart(1))), now);
        after(Duration.ofMinutes(1));

        assertThat(other.open(now)).isEmpty();
        assertThat(tick(other)).isEmpty();
        book.ended(MAIN, restart(1).id(), DONE, now);
        assertThat(other.learn(new CommandNews("a", view(restart(1))), now)).isPresent();
        assertThat(other.find(MAIN, restart(1).id(), now).orElseThrow().result())
                .isEqualTo(DONE);
    }

    @Test
    void oldNewsDoNotTurnBackTime() {
        ask(restart(1));
        CommandView asked = view(restart(1));
        book.delivered(MAIN, restart(1).id(), now);
        other.learn(new CommandNews("a", view(restart(1))), now);
        other.learn(new CommandNews("a", asked), now);

        assertThat(other.find(MAIN, restart(1).id(), now).orElseThrow().state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void whatARegistryWasAskedThatIsGoneIsUnknownAndCanBeTakenOver() {
        ask(restart(1));
        other.learn(new CommandNews("a", view(restart(1))), now);
        assertThat(other.ask(restart(1), gone::contains, now)).isInstanceOf(Asking.Repeated.class);
        gone.add("a");

        assertThat(other.ask(restart(1), gone::contains, now)).isInstanceOf(Asking.Fresh.class);
        assertThat(other.owns(MAIN, restart(1).id())).isTrue();
        other.learn(new CommandNews("a", view(restart(1))), now);
        assertThat(other.owns(MAIN, restart(1).id())).as("not taken back").isTrue();

        ask(restart(2));
        other.learn(new CommandNews("a", view(restart(2))), now);
        after(Duration.ofSeconds(31));
        assertThat(tick(other)).extracting(CommandView::result).anySatisfy(result -> assertThat(result)
                .isInstanceOf(CommandResult.Unknown.class));
        assertThat(other.find(MAIN, restart(2).id(), now).orElseThrow().result())
                .isInstanceOf(CommandResult.Unknown.class);
    }
}
