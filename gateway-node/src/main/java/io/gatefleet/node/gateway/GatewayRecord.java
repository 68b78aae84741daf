package io.gatefleet.node.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code gateway.json} says: which process the instance's gateway is, and where it stands. Kept after its end; a
 * reader asks the kernel.
 *
 * @param kernelBoot the kernel's id of its boot: pids and start times begin anew with it
 * @param pid 0: about to be started. Written before the process exists, so that a node which dies in between leaves no
 *     gateway that nobody knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GatewayRecord(
        String kernelBoot, int pid, long startTime, int base, Footprint footprint, String layout, long fence) {
    private static final Logger log = LoggerFactory.getLogger(GatewayRecord.class);
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    static GatewayRecord before(Lease lease) throws IOException {
        return new GatewayRecord(kernelBootNow(), 0, 0, lease.base(), lease.footprint(), lease.layout(), lease.fence());
    }

    GatewayRecord with(ProcessId process) {
        return new GatewayRecord(kernelBoot, process.pid(), process.startTime(), base, footprint, layout, fence);
    }

    Gateway.Standing standing(ProcessId process) {
        return new Gateway.Standing(process.pid(), process.startTime(), base, footprint, layout, fence);
    }

    boolean ofThisBoot() throws IOException {
        return kernelBoot.equals(kernelBootNow());
    }

    void write(Path file) throws IOException {
        PrivateFile.replace(file, Wire.LENIENT.write(this).toString(StandardCharsets.UTF_8));
    }

    /** Empty where there is none, or none that can be read: a broken record must not keep a gateway from starting. */
    static Optional<GatewayRecord> read(Path file) throws IOException {
        try {
            return Optional.of(Wire.LENIENT.read(Buffer.buffer(Files.readAllBytes(file)), GatewayRecord.class));
        } catch (NoSuchFileException first) {
            return Optional.empty();
        } catch (BadInput broken) {
            log.warn("{} cannot be read and is ignored: {}", file, broken.getMessage());
            return Optional.empty();
        }
    }

    private static String kernelBootNow() throws IOException {
        return Files.readString(BOOT).strip();
    }
}
