package io.gatefleet.runtime;

import io.gatefleet.contract.Problem;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.FailureLimit;
import io.gatefleet.runtime.access.Loopback;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.access.Needs.Denial;
import io.gatefleet.runtime.audit.AuditEntry;
import io.gatefleet.runtime.audit.AuditLog;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks who asks, and lets pass or refuses: the only place where that is done. On one event loop. */
final class Doorkeeper {
    private static final String ADMISSION = "gatefleet.admission";

    private static final String SCHEME = "bearer ";
    private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);

    private final Access access;
    private final AuditLog audit;
    private final FailureLimit failures = new FailureLimit();

    /** How somebody was let pass. */
    private record Admission(Doorkeeper by, Needs needs, Caller caller) {}

    Doorkeeper(Access access, AuditLog audit) {
        this.access = access;
        this.audit = audit;
    }

    /** A handler that stands before those of a route. */
    SecurityPolicyHandler of(Needs needs) {
        return ctx -> admit(ctx, needs);
    }

    private void admit(RoutingContext ctx, Needs needs) {
        HttpServerRequest request = ctx.request();
        if (access.isOff() && !namesThisMachine(request.authority())) {
            refuse(
                    ctx,
                    Caller.NOBODY,
                    new Denial(
                            421,
                            "foreign-host",
                            "Access is off here, so only who asks 127.0.0.1, [::1] or localhost by that name is answered:"
                                    + " a web page could otherwise ask through a browser on this machine."));
            return;
        }
        Caller caller = access.recognise(token(request));
        Optional<Denial> denial = denial(ctx, needs, caller);
        if (denial.isPresent()) {
            refuse(ctx, caller, denial.get());
            return;
        }
        ctx.put(ADMISSION, new Admission(this, needs, caller));
        Connections.admitted(ctx);
        if (needs == Needs.ADMIN && !access.isOff()) {
            ctx.addEndHandler(done ->
                    write(ctx, caller, "admin", Integer.toString(ctx.response().getStatusCode())));
        }
        ctx.next();
    }

    /** Who is asking; null where nobody looked. */
    static @Nullable Caller caller(RoutingContext ctx) {
        Admission admission = ctx.get(ADMISSION);
        return admission == null ? null : admission.caller;
    }

    /** Whether who asks was admitted where not everybody would have been. */
    static boolean isKnown(RoutingContext ctx) {
        Admission admission = ctx.get(ADMISSION);
        return admission != null && admission.by.access.effective(admission.needs) != Needs.NOTHING;
    }

    /** Whether who was admitted would be admitted now. */
    static boolean isStillAdmitted(RoutingContext ctx) {
        Admission admission = ctx.get(ADMISSION);
        return admission == null || admission.by.denialNow(ctx, admission.needs).isEmpty();
    }

    /** Refuses who was admitted, and would not be now. */
    static void turnAway(RoutingContext ctx) {
        Admission admission = ctx.get(ADMISSION);
        if (admission != null) {
            admission
                    .by
                    .denialNow(ctx, admission.needs)
                    .ifPresent(denial -> admission.by.refuse(ctx, admission.caller, denial));
        }
    }

    private Optional<Denial> denialNow(RoutingContext ctx, Needs needs) {
        return denial(ctx, needs, access.recognise(token(ctx.request())));
    }

    private Optional<Denial> denial(RoutingContext ctx, Needs needs, Caller caller) {
        return access.effective(needs).denial(caller, ctx.pathParam("host"), ctx.pathParam("instance"));
    }

    private void refuse(RoutingContext ctx, Caller caller, Denial denial) {
        String from = address(ctx);
        if (denial.status() == 401 || denial.status() == 403) {
            FailureLimit.Outcome outcome = failures.failed(from, System.nanoTime());
            if (outcome == FailureLimit.Outcome.COUNTED) {
                write(ctx, caller, "refused", denial.code());
                log.warn(
                        "{} {} of {} ({}) refused: {}",
                        ctx.request().method(),
                        ctx.request().path(),
                        caller.name(),
                        from,
                        denial.code());
            } else {
                if (outcome == FailureLimit.Outcome.LAST_WORD) {
                    write(ctx, caller, "refused", "too-many-failures");
                    log.warn("{} is refused too often; what follows is answered 429 and not written down", from);
                }
                denial = new Denial(
                        429,
                        "too-many-failures",
                        "Too many requests of this address were refused; whoever shows a token that counts is answered all the same.");
                ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(FailureLimit.retryAfterSeconds()));
            }
        }
        if (denial.status() == 401) {
            ctx.response()
                    .putHeader(
                            "WWW-Authenticate",
                            denial.code().equals("token-missing")
                                    ? "Bearer realm=\"gatefleet\""
                                    : "Bearer realm=\"gatefleet\", error=\"invalid_token\"");
        }
        if (!ctx.request().isEnded()) {
            // A body is on its way that nobody will read.
            ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        HttpEdge.problem(ctx, Problem.of(denial.status(), denial.code(), title(denial), denial.detail(), Map.of()));
    }

    private static String title(Denial denial) {
        return switch (denial.status()) {
            case 401 -> "Who asks is not known";
            case 403 -> "Not allowed";
            case 421 -> "Asked under a strange name";
            case 429 -> "Refused too often";
            default -> "Refused";
        };
    }

    private void write(RoutingContext ctx, Caller caller, String action, String outcome) {
        audit.write(new AuditEntry(
                caller.name(),
                address(ctx),
                action,
                ctx.request().method() + " " + ctx.request().path(),
                outcome,
                Map.of()));
    }

    /** What stands behind {@code Bearer}; empty text where the header says something else, null where there is none. */
    private static @Nullable String token(HttpServerRequest request) {
        List<String> said = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (said.isEmpty()) {
            return null;
        }
        String only = said.size() == 1 ? said.get(0) : "";
        return only.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? only.substring(SCHEME.length()).strip()
                : "";
    }

    private static boolean namesThisMachine(@Nullable HostAndPort asked) {
        return asked != null && Loopback.isName(asked.host());
    }

    private static String address(RoutingContext ctx) {
        SocketAddress remote = ctx.request().remoteAddress();
        return remote == null || remote.hostAddress() == null ? "unknown" : remote.hostAddress();
    }
}
