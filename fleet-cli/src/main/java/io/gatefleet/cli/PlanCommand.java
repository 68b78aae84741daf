package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.Wording;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.LeasePlan;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet plan}: which ports an instance would get. */
@Command(
        name = "plan",
        header = "Says which ports an instance would get. Lends nothing.",
        description = {
            "",
            "Only a running gateway-node gets a lease; this is a dry run, by what the allocator knows now. Exit code 1"
                    + " where nothing would be granted.",
            "",
            "Examples:",
            "  gatefleet plan                                a new wide gateway",
            "  gatefleet plan --instance main                main, which gets its old base where it can",
            "  gatefleet plan --layout dense --profiles 4",
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Mixin
    private LayoutChoice layout = new LayoutChoice();

    @Option(names = "--instance", paramLabel = "NAME", description = "Who shall get them. Default: a new instance.")
    private @Nullable InstanceId instance;

    @Parameters(paramLabel = "HOST", arity = "0..1", description = "Default: this machine.")
    private @Nullable HostId host;

    @Override
    public Integer call() {
        HostId asked = host == null ? fleet.localHost() : host;
        JsonNode answer =
                fleet.client().post(Service.ALLOCATOR, "/v1/hosts/" + asked + "/plan", layout.asPlan(instance));
        LeasePlan plan = FleetClient.as(answer, LeasePlan.class);
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(Wording.wrap(plan.sentence(), 80));
        }
        return plan.base() == null ? Exit.NO : Exit.OK;
    }
}
