package io.gatefleet.allocator;

import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.HostPicture;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Page;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.HostView;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.PlanLease;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.Reserve;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Needs;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The operator's side of the allocator: looks, plans, reserves and revokes. Ports are lent on the bus only. */
final class AllocatorHttp {
    private final LeaseDesk desk;

    AllocatorHttp(LeaseDesk desk) {
        this.desk = desk;
    }

    void mount(Routes routes) {
        routes.get("/v1/hosts", Needs.READ, this::hosts);
        routes.get("/v1/hosts/:host", Needs.READ, this::host);
        routes.get("/v1/hosts/:host/leases", Needs.READ, this::leases);
        routes.delete("/v1/hosts/:host/leases/:fence", Needs.ADMIN, this::revoke);
        routes.get("/v1/hosts/:host/capacity", Needs.READ, this::capacity);
        routes.get("/v1/hosts/:host/ports", Needs.READ, this::ports);
        routes.get("/v1/hosts/:host/ports/:port", Needs.READ, this::explain);
        routes.post("/v1/hosts/:host/plan", Needs.READ, this::plan);
        routes.get("/v1/hosts/:host/reservations", Needs.READ, this::reservations);
        routes.put("/v1/hosts/:host/reservations/:name", Needs.ADMIN, this::reserve);
        routes.delete("/v1/hosts/:host/reservations/:name", Needs.ADMIN, this::unreserve);
        routes.get("/v1/layouts", Needs.READ, this::layouts);
    }

    private void hosts(RoutingContext ctx) {
        onlyParameters(ctx, "limit", "pageToken");
        HttpEdge.answer(ctx, desk.ledgers(), ledgers -> {
            String revision = Long.toString(desk.reservations().revision()
                    + ledgers.stream().mapToLong(HostLedger::revision).sum());
            Page<HostLedger> page =
                    HttpEdge.page(ctx, ledgers, ledger -> ledger.host().value(), revision);
            Map<PortSpace, List<HostId>> bySpace = byPortSpace(ledgers);
            List<HostView> views =
                    page.items().stream().map(ledger -> view(ledger, bySpace)).toList();
            HttpEdge.send(ctx, 200, new Page<>(views, page.nextPageToken(), revision));
        });
    }

    private void host(RoutingContext ctx) {
        onlyParameters(ctx);
        HostId host = host(ctx.pathParam("host"));
        HttpEdge.answer(ctx, desk.ledgers(), ledgers -> ledgers.stream()
                .filter(ledger -> ledger.host().equals(host))
                .findFirst()
                .ifPresentOrElse(
                        ledger -> HttpEdge.send(ctx, 200, view(ledger, byPortSpace(ledgers))),
                        () -> unknownHost(ctx, host)));
    }

    private static Map<PortSpace, List<HostId>> byPortSpace(List<HostLedger> ledgers) {
        Map<PortSpace, List<HostId>> hosts = new HashMap<>();
        for (HostLedger ledger : ledgers) {
            if (ledger.portSpace() != null) {
                hosts.computeIfAbsent(ledger.portSpace(), space -> new ArrayList<>())
                        .add(ledger.host());
            }
        }
        return hosts;
    }

    private HostView view(HostLedger ledger, Map<PortSpace, List<HostId>> bySpace) {
        List<String> warnings = new ArrayList<>();
        if (ledger.portSpace() != null) {
            for (HostId other : bySpace.getOrDefault(ledger.portSpace(), List.of())) {
                if (!other.equals(ledger.host())) {
                    warnings.add(
                            "%s stands for the same port space (%s): between the two only the guards prevent a collision. Use one host id."
                                    .formatted(other, ledger.portSpace()));
                }
            }
        }
        desk.selfPreservation().ifPresent(warnings::add);
        return desk.picture(ledger).view(warnings);
    }

    private void leases(RoutingContext ctx) {
        onlyParameters(ctx, "limit", "pageToken");
        withKnownHost(ctx, (ledger, picture) -> {
            List<Lease> leases = picture.leases().stream()
                    .sorted(Comparator.comparingLong(Lease::fence))
                    .toList();
            HttpEdge.send(
                    ctx,
                    200,
                    HttpEdge.page(
                            ctx, leases, lease -> "%016d".formatted(lease.fence()), Long.toString(ledger.revision())));
        });
    }

    private void revoke(RoutingContext ctx) {
        onlyParameters(ctx, "force");
        HostId host = host(ctx.pathParam("host"));
        long fence = fence(ctx.pathParam("fence"));
        String force = HttpEdge.parameter(ctx, "force").orElse("absent");
        if (!force.equals("true")) {
            throw new BadInput(
                    "force", force, "true: it stops the gateway that runs there, so it must be asked for by name");
        }
        HttpEdge.answer(
                ctx,
                desk.revoke(host, fence),
                revoked -> revoked.ifPresentOrElse(
                        lease -> HttpEdge.send(ctx, 200, lease),
                        () -> HttpEdge.problem(
                                ctx,
                                Problem.of(
                                        404,
                                        "unknown-lease",
                                        "No such lease",
                                        "fence: %d (expected: the fence of a live lease of %s)".formatted(fence, host),
                                        Map.of("name", "fence", "value", Long.toString(fence))))));
    }

    private void capacity(RoutingContext ctx) {
        onlyParameters(ctx, "footprint", "flavor", "version", "layout", "profiles", "extras");
        PlanLease wanted = new PlanLease(
                null,
                HttpEdge.parameter(ctx, "footprint").map(Footprint::parse).orElse(null),
                HttpEdge.parameter(ctx, "flavor").map(Flavor::parse).orElse(null),
                HttpEdge.parameter(ctx, "version").orElse(null),
                HttpEdge.parameter(ctx, "layout").map(PortLayout.Shape::parse).orElse(null),
                HttpEdge.number(ctx, "profiles", 0, 100).orElse(null),
                HttpEdge.parameter(ctx, "extras")
                        .map(list -> Arrays.asList(list.split(",", -1)))
                        .orElse(null));
        Wanted layout = Wanted.of(wanted);
        withKnownHost(ctx, (ledger, picture) -> HttpEdge.send(ctx, 200, picture.capacity(layout.footprint())));
    }

    private void ports(RoutingContext ctx) {
        onlyParameters(ctx);
        withKnownHost(ctx, (ledger, picture) -> HttpEdge.send(ctx, 200, picture.map()));
    }

    private void explain(RoutingContext ctx) {
        onlyParameters(ctx);
        int port = HttpEdge.number("port", ctx.pathParam("port"), 1, PortRange.HIGHEST_PORT);
        withKnownHost(ctx, (ledger, picture) -> HttpEdge.send(ctx, 200, picture.explain(port)));
    }

    /** Also for a host that nobody spoke of: what its empty pool would give is a fair question. */
    private void plan(RoutingContext ctx) {
        onlyParameters(ctx);
        HostId host = host(ctx.pathParam("host"));
        PlanLease question = HttpEdge.body(ctx, Wire.STRICT, PlanLease.class);
        Wanted wanted = Wanted.of(question);
        HttpEdge.answer(
                ctx,
                desk.ledger(host),
                ledger -> HttpEdge.send(
                        ctx, 200, desk.picture(ledger).plan(question.instance(), wanted.layout(), wanted.footprint())));
    }

    private void reservations(RoutingContext ctx) {
        onlyParameters(ctx, "limit", "pageToken");
        HostId host = host(ctx.pathParam("host"));
        HttpEdge.send(
                ctx,
                200,
                HttpEdge.page(
                        ctx,
                        desk.reservations().of(host),
                        ReservationView::name,
                        Long.toString(desk.reservations().revision())));
    }

    private void reserve(RoutingContext ctx) {
        onlyParameters(ctx);
        HostId host = host(ctx.pathParam("host"));
        String name = reservationName(ctx);
        Reserve wish = HttpEdge.body(ctx, Wire.STRICT, Reserve.class);
        ReservationView reservation =
                new ReservationView(name, wish.ports(), wish.reason() == null ? "" : wish.reason());
        HttpEdge.answer(
                ctx,
                desk.reservations().put(host, reservation),
                isNew -> HttpEdge.send(ctx, isNew ? 201 : 200, reservation));
    }

    private void unreserve(RoutingContext ctx) {
        onlyParameters(ctx);
        HostId host = host(ctx.pathParam("host"));
        String name = reservationName(ctx);
        HttpEdge.answer(ctx, desk.reservations().delete(host, name), existed -> {
            if (existed) {
                ctx.response().setStatusCode(204).end();
            } else {
                HttpEdge.problem(
                        ctx,
                        Problem.of(
                                404,
                                "unknown-reservation",
                                "No such reservation",
                                "name: %s (expected: a reservation of %s)".formatted(name, host),
                                Map.of("name", "name", "value", name)));
            }
        });
    }

    private void layouts(RoutingContext ctx) {
        onlyParameters(ctx, "limit", "pageToken");
        List<LayoutFamily> families = Layouts.known().families().stream()
                .sorted(Comparator.comparing(LayoutFamily::name))
                .toList();
        HttpEdge.send(ctx, 200, HttpEdge.page(ctx, families, LayoutFamily::name, "1"));
    }

    private void withKnownHost(RoutingContext ctx, BiConsumer<HostLedger, HostPicture> answer) {
        HostId host = host(ctx.pathParam("host"));
        HttpEdge.answer(
                ctx,
                desk.knownLedger(host),
                found -> found.ifPresentOrElse(
                        ledger -> answer.accept(ledger, desk.picture(ledger)), () -> unknownHost(ctx, host)));
    }

    private static void unknownHost(RoutingContext ctx, HostId host) {
        HttpEdge.problem(
                ctx,
                Problem.of(
                        404,
                        "unknown-host",
                        "No such host",
                        "host: %s (expected: a host of which a node has spoken, or that has reservations)"
                                .formatted(host),
                        Map.of("name", "host", "value", host.value())));
    }

    private static HostId host(String text) {
        return new HostId(text);
    }

    /** Reservations are named as instances are. */
    private static String reservationName(RoutingContext ctx) {
        String name = ctx.pathParam("name");
        try {
            return new InstanceId(name).value();
        } catch (BadInput bad) {
            throw new BadInput("name", name, bad.expected());
        }
    }

    private static long fence(String text) {
        try {
            long fence = Long.parseLong(text);
            if (fence >= 1 && fence < 1L << 53) {
                return fence;
            }
        } catch (NumberFormatException notANumber) {
            // Complained about below, as any other wrong value is.
        }
        throw new BadInput("fence", text, "a whole number, 1 to 2^53 - 1");
    }

    /** A misspelt parameter must not be ignored: the answer would be to another question. */
    private static void onlyParameters(RoutingContext ctx, String... known) {
        Set<String> names = Set.of(known);
        for (String name : ctx.queryParams().names()) {
            if (!names.contains(name)) {
                throw new BadInput(
                        name,
                        "unknown parameter",
                        known.length == 0 ? "no parameters" : "one of " + String.join(", ", known));
            }
        }
    }
}
