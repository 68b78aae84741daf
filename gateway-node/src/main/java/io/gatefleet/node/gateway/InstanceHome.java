package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where one instance keeps everything: a tree that no other instance enters, every directory of it mode 0700.
 *
 * <pre>
 * instances/main/
 *   node.json       the node's truth: lease, incarnation, desired state
 *   commands.json   what operators want, and what was done of it
 *   gateway.json    the gateway's process, so that a later node recognises it
 *   journal/        what the node did with its guard, line by line
 *   secrets/token   0600; beside it node-token, which the node shows to registries
 *   gateway/        what the gateway may write: its configuration, state, workspace, home, tmp, xdg, logs
 * </pre>
 *
 * @param root absolute
 */
public record InstanceHome(Path root) {
    public InstanceHome {
        root = root.toAbsolutePath().normalize();
    }

    /** @param home the fleet's directory, default {@code ~/.gatefleet} */
    public static InstanceHome of(Path home, InstanceId instance) {
        return new InstanceHome(home.resolve("instances").resolve(instance.value()));
    }

    /** The node's truth; written by the node's lifecycle alone. */
    public Path nodeFile() {
        return root.resolve("node.json");
    }

    /** What operators want of the instance, and which commands were done. */
    public Path commandsFile() {
        return root.resolve("commands.json");
    }

    /** What the node did with its guard, line by line. */
    public Path journal() {
        return root.resolve("journal/guard.jsonl");
    }

    /** The gateway's process and where it stands. */
    public Path gatewayFile() {
        return root.resolve("gateway.json");
    }

    /** What the instance runs: {@link Program}. */
    public Path program() {
        return root.resolve("program.json");
    }

    /** What the node shows to registries; written by the node alone. */
    public Path nodeToken() {
        return root.resolve("secrets/node-token");
    }

    public Path token() {
        return root.resolve("secrets/token");
    }

    /** The gateway's working directory; private, because a gateway reads {@code .env} there. */
    public Path gateway() {
        return root.resolve("gateway");
    }

    /** @param name for example {@code openclaw.json} */
    public Path config(String name) {
        return gateway().resolve(name);
    }

    public Path state() {
        return gateway().resolve("state");
    }

    public Path workspace() {
        return gateway().resolve("workspace");
    }

    /** The gateway's HOME: some versions keep their device's identity there whatever the state directory is. */
    public Path home() {
        return gateway().resolve("home");
    }

    public Path tmp() {
        return gateway().resolve("tmp");
    }

    /** @param kind {@code cache}, {@code config}, {@code data}, {@code runtime} or {@code state} */
    public Path xdg(String kind) {
        return gateway().resolve("xdg").resolve(kind);
    }

    public Path logs() {
        return gateway().resolve("logs");
    }

    /** What the gateway prints. */
    public Path output() {
        return logs().resolve("output.log");
    }

    /** Makes every directory that is missing, and takes it from everybody else. Blocks. */
    public void create() throws IOException {
        var ours = PosixFilePermissions.fromString("rwx------");
        for (Path directory : List.of(
                root,
                root.resolve("secrets"),
                gateway(),
                state(),
                workspace(),
                home(),
                tmp(),
                gateway().resolve("xdg"),
                xdg("cache"),
                xdg("config"),
                xdg("data"),
                xdg("runtime"),
                xdg("state"),
                logs())) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ours));
            Files.setPosixFilePermissions(directory, ours);
        }
    }
}
