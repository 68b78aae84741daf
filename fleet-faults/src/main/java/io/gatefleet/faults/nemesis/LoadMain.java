package io.gatefleet.faults.nemesis;

import io.gatefleet.runtime.LocalBus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Callers without guards on hosts that they make up, so that ledgers have much to do. SIGTERM: all give back, then it ends. */
@Command(name = "ledger-load")
final class LoadMain implements Callable<Integer> {
    @Option(names = "--registry", required = true, split = ",", description = "Where they ask.")
    private List<URI> registries = List.of();

    @Option(names = "--hosts", required = true, description = "Imaginary hosts.")
    private int hosts;

    @Option(names = "--slots", required = true, description = "Instances on each.")
    private int slots;

    @Option(names = "--callers", required = true, description = "Questions that may be open at a time.")
    private int callers;

    @Option(names = "--rate", required = true, description = "Grants a second to ask for, of all together.")
    private int rate;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Ending ending = Ending.watched();
        Vertx vertx = LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1), null);
        LedgerLoad load = new LedgerLoad(vertx, registries, hosts, slots, callers, rate);
        load.begin();
        while (!ending.isTold(1_000)) {
            System.out.println(Words.text(load.count()));
        }
        load.end().await(60, TimeUnit.SECONDS);
        System.out.println(Words.text(load.count()));
        vertx.close().await(10, TimeUnit.SECONDS);
        ending.done();
        return 0;
    }
}
