package io.gatefleet.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AskerTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Exchange<Count, Count> HALVES = new Exchange<>("test.halves.v1", Count.class, Count.class);

    record Count(int value) {}

    private Vertx vertx;
    private Context loop;
    private final List<Integer> messages = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve(Vertx given) throws TimeoutException {
        vertx = given;
        loop = vertx.getOrCreateContext();
        vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (delivery.message().address().equals(HALVES.address())) {
                messages.add(Word.each(delivery.body()).size());
            }
            delivery.next();
        });
        await(HALVES.serve(vertx.eventBus(), number -> {
            if (number.value() == 6666) {
                throw new IllegalStateException("broken");
            }
            if (number.value() % 2 == 1) {
                throw new BadInput("value", number.value(), "an even number");
            }
            return Future.succeededFuture(new Count(number.value() / 2));
        }));
    }

    @Test
    void whatIsAskerGoesTogetherAndEachGetsItsOwnAnswer() throws TimeoutException {
        List<Future<Count>> answers = ask(List.of(2, 4, 6));

        assertThat(answers).extracting(answer -> await(answer).value()).containsExactly(1, 2, 3);
        assertThat(messages).containsExactly(3);
    }

    @Test
    void aLoneQuestionGoesAsAnyoneUnderstandsIt() throws TimeoutException {
        assertThat(await(ask(List.of(8)).get(0)).value()).isEqualTo(4);
        assertThat(messages).containsExactly(1);
    }

    @Test
    void oneThatFailsSpoilsNoOther() throws TimeoutException {
        List<Future<Count>> answers = ask(List.of(2, 3, 6666, 4));

        assertThat(await(answers.get(0)).value()).isEqualTo(1);
        assertThat(await(answers.get(3)).value()).isEqualTo(2);
        assertThatThrownBy(() -> await(answers.get(1))).isInstanceOfSatisfying(ReplyException.class, refused -> {
            assertThat(refused.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
            assertThat(refused.failureCode()).isEqualTo(Exchange.BAD_QUESTION);
            assertThat(refused).hasMessageContaining("an even number");
        });
        assertThatThrownBy(() -> await(answers.get(2)))
                .isInstanceOfSatisfying(ReplyException.class, broken -> assertThat(broken.failureCode())
                        .isEqualTo(Exchange.BROKEN));
    }

    @Test
    void noMessageCarriesMoreThanItsMeasure() throws TimeoutException {
        List<Integer> many =
                IntStream.range(0, 2 * Asker.MOST + 1).map(i -> 2 * i).boxed().toList();

        List<Future<Count>> answers = ask(many);

        for (int i = 0; i < many.size(); i++) {
            assertThat(await(answers.get(i)).value()).isEqualTo(i);
        }
        assertThat(messages).containsExactlyInAnyOrder(Asker.MOST, Asker.MOST, 1);
    }

    @Test
    void whatIsAskedWhileAMessageIsUnderWayGoesTogetherWhenThatIsAnswered() throws Exception {
        Held held = new Held();
        Asker asker = new Asker(vertx, TimeUnit.HOURS.toMillis(1));

        Future<Count> first = inATurn(() -> asker.ask(held.exchange, new Count(1), SOON));
        assertThat(held.isAsked()).isEqualTo(1);
        Future<Count> second = inATurn(() -> asker.ask(held.exchange, new Count(2), SOON));
        Future<Count> third = inATurn(() -> asker.ask(held.exchange, new Count(3), SOON));
        assertThat(held.asked).as("the others wait").hasSize(1);
        held.answer(1);
        await(first);
        assertThat(List.of(held.isAsked(), held.isAsked())).containsExactly(2, 3);
        held.answer(2);
        held.answer(3);

        assertThat(await(second)).isEqualTo(new Count(2));
        assertThat(await(third)).isEqualTo(new Count(3));
        assertThat(held.messages).containsExactly(1, 2);
    }

    @Test
    void nothingWaitsLongForAnAnswerThatDoesNotCome() throws Exception {
        Held held = new Held();
        Asker asker = new Asker(vertx);

        inATurn(() -> asker.ask(held.exchange, new Count(1), SOON));
        assertThat(held.isAsked()).isEqualTo(1);
        Future<Count> second = inATurn(() -> asker.ask(held.exchange, new Count(2), SOON));
        assertThat(held.isAsked()).isEqualTo(2);
        held.answer(2);

        assertThat(await(second)).isEqualTo(new Count(2));
    }

    /** Answers each number with itself, when it is told to. */
    private final class Held {
        final Exchange<Count, Count> exchange = new Exchange<>("test.held.v1", Count.class, Count.class);
        final Map<Integer, Promise<Count>> asked = new ConcurrentHashMap<>();
        final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
        final List<Integer> messages = new CopyOnWriteArrayList<>();

        Held() throws TimeoutException {
            vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
                if (delivery.message().address().equals(exchange.address())) {
                    messages.add(Word.each(delivery.body()).size());
                }
                delivery.next();
            });
            await(exchange.serve(vertx.eventBus(), number -> {
                Promise<Count> promise = Promise.promise();
                asked.put(number.value(), promise);
                arrived.add(number.value());
                return promise.future();
            }));
        }

        /** Waits until a number arrives. */
        int isAsked() throws InterruptedException {
            Integer number = arrived.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(number).as("asked").isNotNull();
            return number;
        }

        void answer(int number) {
            vertx.runOnContext(now -> Objects.requireNonNull(asked.get(number)).complete(new Count(number)));
        }
    }

    /** Of one event loop, the same for all. */
    private <T> Future<T> inATurn(Supplier<Future<T>> words) throws TimeoutException {
        return await(Future.future(promise -> loop.runOnContext(now -> promise.complete(words.get()))));
    }

    @Test
    void whereNobodyListensAllAreTold() throws TimeoutException {
        Exchange<Count, Count> nobody = new Exchange<>("test.nobody.v1", Count.class, Count.class);

        List<Future<Count>> answers = onTheLoop(
                asker -> List.of(asker.ask(nobody, new Count(1), SOON), asker.ask(nobody, new Count(2), SOON)));

        for (Future<Count> answer : answers) {
            assertThatThrownBy(() -> await(answer))
                    .isInstanceOfSatisfying(ReplyException.class, reply -> assertThat(reply.failureType())
                            .isEqualTo(ReplyFailure.NO_HANDLERS));
        }
    }

    @Test
    void betweenMembersEachIsReadByItself() throws TimeoutException {
        Buffer wire = fromAnotherMember("{\"value\":10}", "{\"value\":\"ten\"}");

        Object reply = await(vertx.eventBus().request(HALVES.address(), wire)).body();

        List<Answered> answers = Answered.read(reply, Count.class);
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isEqualTo(new Answered.Well(new Count(5)));
        assertThat(answers.get(1)).isInstanceOfSatisfying(Answered.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(Exchange.BAD_QUESTION);
            assertThat(failed.message()).contains("value");
        });
    }

    @Test
    void severalNewsAreHeardOneAfterTheOther() throws TimeoutException {
        Broadcast<Count> news = new Broadcast<>("test.news.v1", Count.class);
        List<Integer> heard = new ArrayList<>();
        Future<List<Integer>> all = Future.future(promise -> news.hear(vertx.eventBus(), number -> {
                    heard.add(number.value());
                    if (heard.size() == 4) {
                        promise.complete(List.copyOf(heard));
                    }
                })
                .onSuccess(listening -> {
                    news.tellAll(vertx.eventBus(), List.of(new Count(1), new Count(2), new Count(3)));
                    news.tell(vertx.eventBus(), new Count(4));
                })
                .onFailure(promise::fail));

        assertThat(await(all)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whoHasTimeToSpareIsJoinedByThoseOfLaterTurns() throws TimeoutException {
        Asker asker = new Asker(vertx);
        Future<Count> first = inATurn(() -> asker.ask(HALVES, new Count(2), SOON, 60_000));
        Future<Count> second = inATurn(() -> asker.ask(HALVES, new Count(4), SOON, 60_000));
        assertThat(messages).isEmpty();

        Future<Count> hasty = inATurn(() -> asker.ask(HALVES, new Count(6), SOON));

        assertThat(List.of(await(first), await(second), await(hasty)))
                .containsExactly(new Count(1), new Count(2), new Count(3));
        assertThat(messages).containsExactly(3);
    }

    @Test
    void aQuestionGoesWhenItsTimeToSpareIsOverThoughNobodyJoined() throws TimeoutException {
        Asker asker = new Asker(vertx);
        long before = System.nanoTime();

        Count alone = await(inATurn(() -> asker.ask(HALVES, new Count(8), SOON, 50)));

        assertThat(alone).isEqualTo(new Count(4));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(messages).containsExactly(1);
    }

    @Test
    void whoHasTimeToSpareGoesAtOnceWhenThereAreEnough() throws TimeoutException {
        List<Future<Count>> answers = onTheLoop(asker -> IntStream.range(0, Asker.MOST_AT_LEISURE)
                .mapToObj(i -> asker.ask(HALVES, new Count(2 * i), SOON, 60_000))
                .toList());

        for (Future<Count> answer : answers) {
            await(answer);
        }
        assertThat(messages).containsExactly(Asker.MOST_AT_LEISURE);
    }

    @Test
    void whoHasNoTimeToSpareGoesAtOnceWithMoreThanUsualWhoHave() throws TimeoutException {
        List<Future<Count>> answers = onTheLoop(asker -> IntStream.rangeClosed(0, Asker.MOST)
                .mapToObj(i -> asker.ask(HALVES, new Count(2 * i), SOON, i < Asker.MOST ? 60_000 : 0))
                .toList());

        for (Future<Count> answer : answers) {
            await(answer);
        }
        assertThat(messages).containsExactly(Asker.MOST + 1);
    }

    @Test
    void newsThatCannotBeReadAreLeftOutAlone() throws TimeoutException {
        Broadcast<Count> news = new Broadcast<>("test.newer.v1", Count.class);
        Future<Integer> last =
                Future.future(promise -> news.hear(vertx.eventBus(), number -> promise.tryComplete(number.value()))
                        .onSuccess(listening -> vertx.eventBus()
                                .publish(news.address(), fromAnotherMember("{\"of\":\"tomorrow\"}", "{\"value\":7}")))
                        .onFailure(promise::fail));

        assertThat(await(last)).isEqualTo(7);
    }

    /** What another member's codec makes of several words. */
    private static Buffer fromAnotherMember(String... words) {
        Buffer wire = Buffer.buffer().appendByte((byte) 0);
        for (String json : words) {
            wire.appendInt(json.length()).appendString(json);
        }
        return wire;
    }

    private List<Future<Count>> ask(List<Integer> numbers) throws TimeoutException {
        return onTheLoop(asker -> numbers.stream()
                .map(number -> asker.ask(HALVES, new Count(number), SOON))
                .toList());
    }

    private List<Future<Count>> onTheLoop(Function<Asker, List<Future<Count>>> words) throws TimeoutException {
        return await(
                Future.future(promise -> vertx.runOnContext(now -> promise.complete(words.apply(new Asker(vertx))))));
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}
