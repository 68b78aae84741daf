package io.gatefleet.cli;

import io.gatefleet.cli.text.HistoryText;
import io.gatefleet.history.check.HistoryCheck;
import io.gatefleet.history.check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatefleet verify-history}: whether the journals prove that no two gateways ever had a port in common. */
@Command(
        name = "verify-history",
        header = "Proves from journals that no two guarded ranges overlapped.",
        description = {
            "",
            "Reads what nodes and allocators wrote down: each node its guards, each allocator its decisions. Says whether"
                    + " guarded ranges of one port space ever overlapped and whether fences only grew, or shows the two"
                    + " lines that prove otherwise. Counts overlaps of the allocators' own ledgers, which the guards are"
                    + " there to survive. Lines that are missing are said: for their time nothing is proven.",
            "",
            "Needs no running fleet. Bring the journals of all hosts together; their order does not matter.",
            "",
            "Examples:",
            "  gatefleet verify-history                      the journals of the fleet's home",
            "  gatefleet verify-history mill.jsonl barn/     files, and whatever is a journal below a directory",
        })
final class VerifyHistoryCommand implements Callable<Integer> {
    @Mixin
    private Screen screen = new Screen();

    @Mixin
    private Home home = new Home();

    @Parameters(
            paramLabel = "FILES",
            arity = "0..*",
            description = "Journals, or directories of them. Default: the fleet's home.")
    private List<Path> places = new ArrayList<>();

    @Override
    public Integer call() {
        Verdict verdict;
        try {
            HistoryCheck check = new HistoryCheck();
            List<Path> journals = journals();
            for (Path journal : journals) {
                check.read(journal);
            }
            verdict = check.verdict();
            if (screen.wantsJson()) {
                screen.printJson(verdict);
            } else {
                screen.print(HistoryText.of(verdict, journals.size(), Screen.ink()));
            }
        } catch (IOException unreadable) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "a journal cannot be read: " + unreadable,
                    "Are you somebody who may? Journals can be read by their owner alone.");
        }
        return verdict.proven() ? Exit.OK : Exit.NO;
    }

    private List<Path> journals() throws IOException {
        List<Path> asked = places.isEmpty() ? List.of(home.path()) : places;
        List<Path> journals = new ArrayList<>();
        for (Path place : asked) {
            if (!Files.exists(place)) {
                throw new CannotGoOn(
                        Exit.CANNOT_ASK,
                        "%s: there is no such file or directory".formatted(place),
                        "Nodes keep theirs in HOME/instances/NAME/journal, allocators where --journal says.");
            }
            journals.addAll(HistoryCheck.journals(place));
        }
        if (journals.isEmpty()) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "no journal (*.jsonl) below %s"
                            .formatted(String.join(
                                    ", ", asked.stream().map(Path::toString).toList())),
                    "They are written once a fleet runs: ./gatefleet up");
        }
        return journals;
    }
}
