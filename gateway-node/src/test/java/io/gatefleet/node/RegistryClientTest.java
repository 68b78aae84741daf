package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.FakeRegistry.Answer;
import io.gatefleet.node.RegistryClient.Reply;
import io.gatefleet.node.lease.Event;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryClientTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final InstanceKey RESCUE = new InstanceKey(new HostId("mill"), new InstanceId("rescue"));
    private static final Footprint WIDE = Footprint.contiguous(111);
    /** Nobody waits that long: what is asked here is answered. */
    private static final Duration PATIENT = Duration.ofSeconds(10);

    private static final Duration IMPATIENT = Duration.ofMillis(500);

    private final Vertx vertx = Vertx.vertx();
    private FakeRegistry registry;

    @BeforeEach
    void open() throws TimeoutException {
        registry = new FakeRegistry(20000);
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aLeaseIsUnderstood() throws TimeoutException {
        assertThat(register(registry.url())).isInstanceOfSatisfying(Reply.Yes.class, yes -> {
            Registration registration = (Registration) yes.value();
            assertThat(registration.lease().base()).isEqualTo(20000);
            assertThat(registration.instance()).isEqualTo(MAIN);
        });
    }

    @Test
    void aClaimArrivesAsItWasSaid() throws TimeoutException {
        Claim claim = new Claim(20000, WIDE, 9, GuardState.MISSING, true);
        client(registry.url()).register(body(claim)).await(10, TimeUnit.SECONDS);

        assertThat(registry.registrations).singleElement().satisfies(word -> assertThat(word.claim())
                .isEqualTo(claim));
    }

    @Test
    void aRefusalBringsItsCodeItsPatienceAndTheHolder() throws TimeoutException {
        Lease holder = new Lease(RESCUE, new Incarnation(3), 20010, WIDE, "simulated-wide", 8, LeaseState.CONFIRMED);
        registry.onRegister = (key, word) -> FakeRegistry.no(new Refusal.ClaimConflict(key, WIDE.at(20000), holder));
        assertThat(no(register(registry.url()))).satisfies(no -> {
            assertThat(no.code()).isEqualTo("claim-conflict");
            assertThat(no.holder()).isEqualTo(holder);
            assertThat(no.detail()).contains("mill/rescue");
        });

        registry.onRegister = (key, word) -> FakeRegistry.no(new Refusal.Recovering(key.host(), WIDE.at(20000), 4_500));
        assertThat(no(register(registry.url())).retryAfterMillis()).isEqualTo(4_500);

        registry.onRegister =
                (key, word) -> FakeRegistry.no(new Refusal.Recovering(key.host(), WIDE.at(20000), 1L << 50));
        assertThat(no(register(registry.url())).retryAfterMillis()).isEqualTo(60_000);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of("another server", new Answer.Text(404, "text/html", "<html>not here</html>")),
                Arguments.of("a page with 200", new Answer.Text(200, "text/html", "<html>hello</html>")),
                Arguments.of("an empty answer", new Answer.Text(200, "application/json", "")),
                Arguments.of("half an answer", new Answer.Text(200, "application/json", "{\"instance\":")),
                Arguments.of("another object", new Answer.Json(200, Map.of("instance", "mill/main"))),
                Arguments.of("a redirect", new Answer.Text(302, "text/plain", "elsewhere")),
                Arguments.of(
                        "a fault", new Answer.No(Problem.of(500, "internal", "It broke", "ask the log", Map.of()))),
                Arguments.of("a problem without a code", new Answer.Text(409, Problem.MEDIA_TYPE, "{\"status\":409}")),
                Arguments.of(
                        "more than anybody wants",
                        new Answer.Text(200, "application/json", "[\"" + "x".repeat(2_000_000) + "\"]")),
                Arguments.of("a closed connection", new Answer.Break()),
                Arguments.of("no answer at all", new Answer.Hang()),
                Arguments.of("an answer that never ends", new Answer.Drip()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void nonsense(String what, Answer answer) throws TimeoutException {
        registry.onRegister = (key, word) -> answer;
        long began = System.nanoTime();

        Reply<Registration> reply =
                client(IMPATIENT, registry.url()).register(body(null)).await(10, TimeUnit.SECONDS);

        assertThat(reply).isInstanceOf(Reply.Silent.class);
        assertThat(((Reply.Silent<?>) reply).why()).contains(registry.url().toString());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theNextAddressIsAskedWhenOneIsSilentAndThenAskedFirst() throws Exception {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        try (FakeRegistry hangs = new FakeRegistry(21000)) {
            hangs.onRegister = (key, word) -> new Answer.Hang();
            RegistryClient client = client(Duration.ofSeconds(2), nobody, hangs.url(), registry.url());

            assertThat(client.register(body(null)).await(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Yes.class);
            assertThat(client.register(body(null)).await(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Yes.class);

            assertThat(hangs.registrations).hasSize(1);
            assertThat(registry.registrations).hasSize(2);
        }
    }

    @Test
    void aMemberThatCannotReachTheAllocatorIsNotTheLastWord() throws Exception {
        try (FakeRegistry cut = new FakeRegistry(21000)) {
            cut.onRegister = (key, word) -> FakeRegistry.no(new Refusal.Unavailable("the port-allocator", 1_000));

            RegistryClient client = client(cut.url(), registry.url());
            assertThat(client.register(body(null)).await(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Yes.class);

            registry.shut();
            assertThat(no(client(cut.url()).register(body(null)).await(10, TimeUnit.SECONDS))
                            .code())
                    .isEqualTo("unavailable");
        }
    }

    @Test
    void aGoodbyeSaysWhoAndWhetherThePortsAreClosed() throws TimeoutException {
        assertThat(client(registry.url()).deregister(new Incarnation(7), true).await(10, TimeUnit.SECONDS))
                .isInstanceOf(Reply.Yes.class);

        assertThat(registry.goodbyes).containsExactly("incarnation=7&portsClosed=true");
    }

    private Reply<Registration> register(URI url) throws TimeoutException {
        return client(url).register(body(null)).await(10, TimeUnit.SECONDS);
    }

    private RegistryClient client(URI... urls) {
        return client(PATIENT, urls);
    }

    private RegistryClient client(Duration answer, URI... urls) {
        return new RegistryClient(vertx, List.of(urls), MAIN, answer);
    }

    private static Event.No no(Reply<?> reply) {
        assertThat(reply).isInstanceOf(Reply.Refused.class);
        return ((Reply.Refused<?>) reply).no();
    }

    private static RegisterInstance body(@Nullable Claim claim) {
        HostFacts facts = new HostFacts(
                new PortSpace("boot", 1), List.of(), PortSet.EMPTY, new PortRange(32768, 60999), PortSet.EMPTY, false);
        return new RegisterInstance(
                new Incarnation(7),
                Flavor.SIMULATED,
                "1",
                "simulated-wide",
                WIDE,
                facts,
                claim,
                null,
                null,
                null,
                null);
    }
}
