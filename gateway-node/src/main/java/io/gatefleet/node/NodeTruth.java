package io.gatefleet.node;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node knows about its instance that nobody may take from it: {@code node.json} in the instance's home. The control
 * plane is an index that can be built again from these.
 *
 * @param incarnation of the node that wrote it
 * @param desired what was wanted of the instance last
 * @param lease the last lease whose guard was held; null before the first
 * @param layout what stands where in that lease; null before the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeTruth(
        Incarnation incarnation,
        Desired desired,
        @Nullable Lease lease,
        @Nullable PortLayout layout) {
    private static final Logger log = LoggerFactory.getLogger(NodeTruth.class);

    /** What is wanted of an instance. */
    public enum Desired {
        RUNNING,
        STOPPED;

        @JsonCreator
        public static Desired parse(String text) {
            for (Desired desired : values()) {
                if (desired.toString().equals(text)) {
                    return desired;
                }
            }
            throw new BadInput("desired", text, "running or stopped");
        }

        @JsonValue
        @Override
        public String toString() {
            return this == RUNNING ? "running" : "stopped";
        }
    }

    /** The truth of a node that starts now: the next incarnation, and the lease of the one before. */
    static NodeTruth next(Optional<NodeTruth> before, long epochMillis) {
        long incarnation =
                Math.max(before.map(truth -> truth.incarnation.number() + 1).orElse(1L), epochMillis);
        return new NodeTruth(
                new Incarnation(incarnation),
                Desired.RUNNING,
                before.map(NodeTruth::lease).orElse(null),
                before.map(NodeTruth::layout).orElse(null));
    }

    NodeTruth with(Lease newLease, PortLayout newLayout) {
        return new NodeTruth(incarnation, desired, newLease, newLayout);
    }

    NodeTruth with(Desired newDesired) {
        return new NodeTruth(incarnation, newDesired, lease, layout);
    }

    /**
     * What the last node of this home wrote; empty before the first, and where the file cannot be understood: then it is
     * put aside as {@code node.json.unreadable}, because a lease can be had anew and a node that refuses to start cannot.
     */
    public static Optional<NodeTruth> read(InstanceHome home) throws IOException {
        Path file = home.nodeFile();
        try {
            return Optional.of(Wire.LENIENT.read(Files.readAllBytes(file), NodeTruth.class));
        } catch (NoSuchFileException never) {
            return Optional.empty();
        } catch (BadInput broken) {
            Path aside = file.resolveSibling("node.json.unreadable");
            log.warn("{} cannot be understood and is put aside as {}: {}", file, aside, broken.getMessage());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        }
    }

    /** Writes it as a whole or not at all, mode 0600. */
    void write(InstanceHome home) throws IOException {
        PrivateFile.replace(home.nodeFile(), Wire.STRICT.write(this).toString());
    }
}
