package io.gatefleet.doctor.host;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.census.Census;
import io.gatefleet.doctor.finding.Examination;
import io.gatefleet.doctor.finding.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A host as a tree of files: what stands under {@code /} of a real one, as far as the doctor reads it. */
public final class FakeHost {
    public static final String TOKEN = "correct-horse-battery-staple";

    private static final long NETNS = 4_026_531_840L;

    private final Path root;
    private final List<Listener> listeners = new ArrayList<>();
    private final StringBuilder udp = new StringBuilder("  sl  local_address rem_address   st …\n");
    private PortSet guards = PortSet.EMPTY;
    private PortRange ephemeral = new PortRange(32_768, 60_999);
    private PortSet reserved = PortSet.EMPTY;
    private boolean nodePorts;
    private int descriptors;

    public FakeHost(Path root) {
        this.root = root;
        directory("/tmp", 01777 & 0777);
        directory("/proc", 0755);
        file("/etc/passwd", "", 0644);
    }

    // ---------------------------------------------------------------- files

    public FakeHost directory(String path, int mode) {
        try {
            Files.createDirectories(at(path));
            chmod(path, mode);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    public FakeHost file(String path, String text, int mode) {
        try {
            Files.createDirectories(at(path).getParent());
            Files.writeString(at(path), text);
            chmod(path, mode);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    public FakeHost link(String path, String target) {
        try {
            Files.createDirectories(at(path).getParent());
            Files.createSymbolicLink(at(path), Path.of(target));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    public FakeHost chmod(String path, int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] bits = PosixFilePermission.values();
        for (int i = 0; i < bits.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(bits[i]);
            }
        }
        try {
            Files.setPosixFilePermissions(at(path), permissions);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    public FakeHost delete(String path) {
        try {
            Files.delete(at(path));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    public Path at(String path) {
        return root.resolve(path.substring(1));
    }

    // ---------------------------------------------------------------- users and gateways

    /** A user with a home that others may walk through, as most distributions had it. */
    public FakeHost user(String name) {
        directory("/home/" + name, 0755);
        try {
            Files.writeString(
                    at("/etc/passwd"),
                    Files.readString(at("/etc/passwd")) + name + ":x:1000:1000::/home/" + name + ":/bin/bash\n");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    /** A state directory with a configuration, both closed to others. */
    public FakeHost gateway(String state, String config) {
        String name = state.substring(state.lastIndexOf("/.") + 2).replaceFirst("-.*", "");
        directory(state, 0700);
        return file(state + "/" + name + ".json", config, 0600);
    }

    /** What an OpenClaw needs to be without fault. */
    public static String config(int port) {
        return config(port, "");
    }

    /** @param more members of the configuration, each followed by a comma */
    public static String config(int port, String more) {
        return "{ " + more + " gateway: { mode: 'local', bind: 'loopback', port: " + port
                + ", auth: { mode: 'token', token: '" + TOKEN + "' } } }";
    }

    public FakeHost version(String flavor, String version) {
        String directory = "/usr/lib/node_modules/" + flavor;
        return file(
                directory + "/package.json", "{\"name\": \"" + flavor + "\", \"version\": \"" + version + "\"}", 0644);
    }

    public FakeHost unit(String user, String name, String service) {
        return file("/home/" + user + "/.config/systemd/user/" + name, "[Unit]\n[Service]\n" + service + "\n", 0600);
    }

    // ---------------------------------------------------------------- the kernel

    public FakeHost process(int pid, int parent, String name, List<String> arguments, Map<String, String> variables) {
        String stat =
                pid + " (" + name + ") S " + parent + " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + startTime(pid) + " 0 0";
        file("/proc/" + pid + "/stat", stat, 0444);
        file("/proc/" + pid + "/cmdline", String.join("\0", arguments) + "\0", 0444);
        StringBuilder environment = new StringBuilder();
        variables.forEach((variable, value) ->
                environment.append(variable).append('=').append(value).append('\0'));
        file("/proc/" + pid + "/environ", environment.toString(), 0400);
        return directory("/proc/" + pid + "/fd", 0700);
    }

    /** A gateway's process: it has overwritten its arguments, as all of them do. */
    public FakeHost running(int pid, String flavor, Map<String, String> variables) {
        String name = flavor + "-gateway";
        return process(pid, 1, name.substring(0, Math.min(15, name.length())), List.of(name), variables);
    }

    public static long startTime(int pid) {
        return 1_000L + pid;
    }

    public FakeHost holds(int pid, String target) {
        return link("/proc/" + pid + "/fd/" + descriptors++, target);
    }

    public FakeHost listens(int pid, String name, int port, String... addresses) {
        for (String address : addresses) {
            listeners.add(new Listener(port, address, pid, name, guards.contains(port), Listener.Reading.GATEWAY_LIKE));
        }
        return this;
    }

    public FakeHost listensOnUdp(int pid, int port) {
        int inode = 70_000 + descriptors;
        udp.append(String.format(
                Locale.ROOT, "  1: 00000000:%04X 00000000:0000 07 0:0 00:0 0 0 0 %d 2 0 0%n", port, inode));
        file("/proc/net/udp", udp.toString(), 0444);
        return holds(pid, "socket:[" + inode + "]");
    }

    public FakeHost guarded(String ports) {
        guards = PortSet.parse(ports);
        return this;
    }

    public FakeHost ephemeral(int first, int last) {
        ephemeral = new PortRange(first, last);
        return this;
    }

    public FakeHost reserved(String ports) {
        reserved = PortSet.parse(ports);
        return this;
    }

    public FakeHost kubeProxy() {
        nodePorts = true;
        return this;
    }

    // ---------------------------------------------------------------- looking

    public HostReader reader(List<String> homes) {
        return new HostReader(
                root,
                () -> new HostFacts(new PortSpace("boot", NETNS), listeners, guards, ephemeral, reserved, nodePorts),
                "root",
                homes);
    }

    public Census census() {
        return reader(List.of()).census();
    }

    public List<Finding> findings() {
        return Examination.of(census());
    }
}
