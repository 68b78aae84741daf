package io.gatefleet.node.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code commands.json} says: what operators want of the instance, and what was done of it. One file, so that a wish
 * and the command that brought it are written together or not at all.
 *
 * @param desired what is wanted
 * @param begun the command that is under way; null: none. A node that finds one here was killed in the middle of it
 * @param ended the last commands with what came of them, oldest first, at most 200; never what a gateway printed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeptOrders(DesiredState desired, @Nullable Begun begun, List<Ended> ended) {
    static final int MOST_ENDED = 200;

    private static final Logger log = LoggerFactory.getLogger(KeptOrders.class);

    /**
     * A command under way.
     *
     * @param pid the gateway's process when it was begun; null: there was none
     * @param startTime of that process
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Begun(
            CommandId id,
            Order order,
            @Nullable Integer pid,
            @Nullable Long startTime) {}

    /** A command that was done, or that could not be done. */
    public record Ended(CommandId id, CommandResult result) {}

    public KeptOrders {
        ended = List.copyOf(ended.subList(Math.max(0, ended.size() - MOST_ENDED), ended.size()));
    }

    /** Of an instance that nobody wanted anything of. */
    public static KeptOrders none() {
        return new KeptOrders(DesiredState.RUNNING, null, List.of());
    }

    KeptOrders with(DesiredState next) {
        return new KeptOrders(next, begun, ended);
    }

    KeptOrders begun(Begun now) {
        return new KeptOrders(desired, now, ended);
    }

    KeptOrders ended(CommandId id, CommandResult result) {
        List<Ended> all = new ArrayList<>(ended);
        all.add(new Ended(id, result));
        Begun still = begun != null && begun.id().equals(id) ? null : begun;
        return new KeptOrders(desired, still, all);
    }

    /** What came of a command, if it is remembered. */
    public Optional<CommandResult> result(CommandId id) {
        return ended.stream()
                .filter(end -> end.id().equals(id))
                .map(Ended::result)
                .findFirst();
    }

    /**
     * What stands in an instance's home. What cannot be understood is put aside as {@code commands.json.unreadable}, and
     * the gateway runs: a node that does not start cannot be told anything.
     */
    public static KeptOrders read(InstanceHome home) throws IOException {
        Path file = home.commandsFile();
        try {
            return Wire.LENIENT.read(Files.readAllBytes(file), KeptOrders.class);
        } catch (NoSuchFileException never) {
            return none();
        } catch (BadInput broken) {
            Path aside = file.resolveSibling("commands.json.unreadable");
            log.warn("{} cannot be understood and is put aside as {}: {}", file, aside, broken.getMessage());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return none();
        }
    }

    /** Writes it as a whole or not at all, to the disk, mode 0600. */
    void write(InstanceHome home) throws IOException {
        PrivateFile.replace(home.commandsFile(), Wire.STRICT.write(this).toString());
    }
}
