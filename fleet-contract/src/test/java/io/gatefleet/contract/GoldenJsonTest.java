package io.gatefleet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandAnswer;
import io.gatefleet.contract.command.CommandNews;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.command.HandedOver;
import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostView;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.BookPage;
import io.gatefleet.contract.instance.BookQuestion;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Capacity;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeasePlan;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.PlanLease;
import io.gatefleet.contract.lease.PortExplanation;
import io.gatefleet.contract.lease.PortMapQuestion;
import io.gatefleet.contract.lease.PortMapReply;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.lease.ReservationBook;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.Reserve;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.service.ServicePresence;
import io.gatefleet.contract.service.Services;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One JSON document for every message. What stands in them is never renamed: a field may be added, to the record and here,
 * and then documents without it must still be read.
 */
class GoldenJsonTest {
    static final Map<String, Class<?>> MESSAGES = new TreeMap<>(Map.ofEntries(
            Map.entry("command", Command.class),
            Map.entry("wanted-command", WantedCommand.class),
            Map.entry("command-view", CommandView.class),
            Map.entry("command-news", CommandNews.class),
            Map.entry("command-answer", CommandAnswer.class),
            Map.entry("command-result-done", CommandResult.class),
            Map.entry("command-result-refused", CommandResult.class),
            Map.entry("command-result-failed", CommandResult.class),
            Map.entry("command-result-not-done", CommandResult.class),
            Map.entry("command-result-unknown", CommandResult.class),
            Map.entry("handed-over", HandedOver.class),
            Map.entry("open-request", OpenRequest.class),
            Map.entry("order-restart", Order.class),
            Map.entry("order-stop", Order.class),
            Map.entry("order-drain", Order.class),
            Map.entry("order-start", Order.class),
            Map.entry("order-cordon", Order.class),
            Map.entry("order-uncordon", Order.class),
            Map.entry("order-maintenance", Order.class),
            Map.entry("order-log-tail", Order.class),
            Map.entry("acquire-lease", AcquireLease.class),
            Map.entry("renew-lease", RenewLease.class),
            Map.entry("release-lease", ReleaseLease.class),
            Map.entry("lease-reply-granted", LeaseReply.class),
            Map.entry("lease-reply-released", LeaseReply.class),
            Map.entry("lease-reply-refused", LeaseReply.class),
            Map.entry("refusal-pool-exhausted", Refusal.class),
            Map.entry("refusal-pool-too-narrow", Refusal.class),
            Map.entry("refusal-claim-conflict", Refusal.class),
            Map.entry("refusal-no-usable-range", Refusal.class),
            Map.entry("refusal-recovering", Refusal.class),
            Map.entry("refusal-port-space-conflict", Refusal.class),
            Map.entry("refusal-lease-lost", Refusal.class),
            Map.entry("refusal-lease-revoked", Refusal.class),
            Map.entry("refusal-superseded", Refusal.class),
            Map.entry("refusal-unknown-instance", Refusal.class),
            Map.entry("refusal-name-alive", Refusal.class),
            Map.entry("refusal-unavailable", Refusal.class),
            Map.entry("register-instance", RegisterInstance.class),
            Map.entry("register-call", RegisterCall.class),
            Map.entry("registration", Registration.class),
            Map.entry("heartbeat", Heartbeat.class),
            Map.entry("heartbeat-call", HeartbeatCall.class),
            Map.entry("heartbeat-reply", HeartbeatReply.class),
            Map.entry("deregister-call", DeregisterCall.class),
            Map.entry("instance-reply-registered", InstanceReply.class),
            Map.entry("instance-reply-heard", InstanceReply.class),
            Map.entry("instance-reply-departed", InstanceReply.class),
            Map.entry("instance-reply-other-incarnation", InstanceReply.class),
            Map.entry("instance-reply-refused", InstanceReply.class),
            Map.entry("beat", Beat.class),
            Map.entry("departure", Departure.class),
            Map.entry("remembered", Remembered.class),
            Map.entry("book-question", BookQuestion.class),
            Map.entry("book-page", BookPage.class),
            Map.entry("instance-view", InstanceView.class),
            Map.entry("lease", Lease.class),
            Map.entry("host-view", HostView.class),
            Map.entry("capacity", Capacity.class),
            Map.entry("plan-lease", PlanLease.class),
            Map.entry("lease-plan", LeasePlan.class),
            Map.entry("port-explanation", PortExplanation.class),
            Map.entry("port-map-view", PortMapView.class),
            Map.entry("port-map-question", PortMapQuestion.class),
            Map.entry("port-map-reply", PortMapReply.class),
            Map.entry("reserve", Reserve.class),
            Map.entry("reservation-view", ReservationView.class),
            Map.entry("reservation-book", ReservationBook.class),
            Map.entry("layout-family", LayoutFamily.class),
            Map.entry("service-presence", ServicePresence.class),
            Map.entry("verdict", Verdict.class),
            Map.entry("instance-health", InstanceHealth.class),
            Map.entry("host-health", HostHealth.class),
            Map.entry("fleet-health-view", FleetHealthView.class),
            Map.entry("fleet-summary", FleetSummary.class),
            Map.entry("problem", Problem.class)));

    /** Their keys are the sender's own, so there is no unknown one. */
    private static final Set<String> MAPS = Set.of("labels", "counts", "extras");

    static Stream<String> names() {
        return MESSAGES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatWasWrittenIsReadAndWrittenTheSame(String name) {
        JsonObject golden = golden(name);

        Object value = read(name, golden);

        assertThat(new JsonObject(Wire.STRICT.write(value))).isEqualTo(golden);
        assertThat(Wire.STRICT.read(golden.toBuffer(), type(name)))
                .as("read strictly")
                .isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theDocumentShowsEveryField(String name) {
        List<String> absent = new ArrayList<>();
        collectNulls(name, read(name, golden(name)), absent);

        assertThat(absent).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFieldOfANewerVersionDisturbsNobody(String name) {
        JsonObject golden = golden(name);
        Object value = read(name, golden);
        long before = Wire.LENIENT.ignoredFields();

        Object newer = read(name, (JsonObject) withUnknown(golden));

        if (name.equals("problem")) {
            assertThat(((Problem) newer).facts())
                    .as("a problem keeps further members")
                    .containsKey("ofTomorrow");
        } else {
            assertThat(newer).isEqualTo(value);
            assertThat(Wire.LENIENT.ignoredFields()).isGreaterThan(before);
        }
    }

    /** Fields that the first version did not write. */
    @Test
    void whatTheFirstVersionWroteIsStillRead() {
        JsonObject heartbeat = golden("heartbeat");
        JsonObject gateway = heartbeat.getJsonObject("gateway");
        gateway.remove("restartsInProcess");
        gateway.remove("desired");
        gateway.getJsonObject("probe").remove("badInARow");
        JsonObject family = golden("layout-family");
        family.remove("probe");
        String register = golden("register-instance").encode().replace("gateway-like", "GATEWAY_LIKE");

        Heartbeat heard = (Heartbeat) read("heartbeat", heartbeat);

        assertThat(heard.gateway().restartsInProcess()).isNull();
        assertThat(heard.gateway().desired()).isNull();
        assertThat(Objects.requireNonNull(heard.gateway().probe()).badInARow()).isNull();
        assertThat(((LayoutFamily) read("layout-family", family)).probe()).isNull();
        assertThat(read("register-instance", new JsonObject(register)))
                .isEqualTo(read("register-instance", golden("register-instance")));
    }

    @Test
    void everyMessageOfTheBusHasADocument() throws IllegalAccessException {
        List<Class<?>> onTheBus = new ArrayList<>();
        for (Class<?> conversation : List.of(Leases.class, Instances.class, Commands.class, Services.class)) {
            for (var field : conversation.getFields()) {
                Object constant = field.get(null);
                if (constant instanceof Exchange<?, ?> exchange) {
                    onTheBus.add(exchange.question());
                    onTheBus.add(exchange.answer());
                } else if (constant instanceof Broadcast<?> broadcast) {
                    onTheBus.add(broadcast.news());
                }
            }
        }
        onTheBus.addAll(List.of(Refusal.class, Order.class, CommandResult.class));
        onTheBus.addAll(
                List.of(Commands.hand("m").question(), Commands.hand("m").answer()));
        Set<Class<?>> shown = MESSAGES.keySet().stream()
                .map(name -> read(name, golden(name)).getClass())
                .collect(Collectors.toSet());

        Set<Class<?>> wanted = onTheBus.stream()
                .flatMap(type -> type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.of(type))
                .collect(Collectors.toSet());
        assertThat(wanted).hasSizeGreaterThan(20);
        assertThat(shown).containsAll(wanted);
    }

    @Test
    void everyRefusalIsWrittenWithItsCode() {
        for (Refusal.Code code : Refusal.Code.values()) {
            Refusal refusal = (Refusal) read("refusal-" + code, golden("refusal-" + code));

            assertThat(refusal.kind()).isEqualTo(code);
            assertThat(refusal.detail()).isNotBlank();
        }
    }

    private static Class<?> type(String name) {
        return Objects.requireNonNull(MESSAGES.get(name), name);
    }

    private static Object read(String name, JsonObject json) {
        return Wire.LENIENT.read(json.toBuffer(), type(name));
    }

    private static JsonObject golden(String name) {
        try (InputStream in = GoldenJsonTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no golden document " + name);
            }
            return new JsonObject(Buffer.buffer(in.readAllBytes()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static Object withUnknown(Object node) {
        if (node instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(item -> copy.add(withUnknown(item)));
            return copy;
        }
        if (!(node instanceof JsonObject object)) {
            return node;
        }
        JsonObject copy = new JsonObject();
        object.forEach(entry -> copy.put(
                entry.getKey(), MAPS.contains(entry.getKey()) ? entry.getValue() : withUnknown(entry.getValue())));
        return copy.put("ofTomorrow", new JsonObject().put("deep", new JsonArray().add(1)));
    }

    private static void collectNulls(String path, Object value, List<String> absent) {
        if (value instanceof Collection<?> items) {
            items.forEach(item -> collectNulls(path + "[]", item, absent));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(item -> collectNulls(path + "{}", item, absent));
        } else if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object part = get(component, value);
                String there = path + "." + component.getName();
                if (part == null) {
                    absent.add(there);
                } else {
                    collectNulls(there, part, absent);
                }
            }
        }
    }

    private static @Nullable Object get(RecordComponent component, Object value) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
