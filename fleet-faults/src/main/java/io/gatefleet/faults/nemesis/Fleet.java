package io.gatefleet.faults.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.faults.ClusteredPlane;
import io.gatefleet.faults.KernelWatch;
import io.gatefleet.faults.Place;
import io.gatefleet.faults.PlaneShape;
import io.gatefleet.testing.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The fleet that is broken: members, hosts with crowds of guarded nodes, gateway-nodes with gateways, and callers; who
 * watches them; and what they say of themselves.
 */
final class Fleet implements AutoCloseable {
    private static final String CALLERS = "load";
    private static final int HEARD_MILLIS = 3_000;
    private static final int WIDTH = 111;

    private final Cast cast;
    private final Size size;
    private final Path home;
    private final Wires wires;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final ClusteredPlane plane;
    private final Map<String, Player> players = new LinkedHashMap<>();
    private final Map<String, Crowd> crowds = new TreeMap<>();
    private final Map<String, GatewayNode> nodes = new TreeMap<>();
    private final Map<String, KernelWatch> watches = new TreeMap<>();
    private final List<Process> anchors = new ArrayList<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final GatewayWatch gateways = new GatewayWatch(troubles::add);
    private final Child load;
    private volatile Words.Load loaded = Words.Load.NONE;

    /**
     * How large.
     *
     * @param nodesInCrowd guarded nodes that stay, in each crowd
     * @param passersInCrowd that come and go
     * @param term of leases
     * @param rate grants a second that the load asks for
     * @param callers questions of the load that may be open at a time
     */
    record Size(int nodesInCrowd, int passersInCrowd, Duration term, int rate, int callers) {}

    /** Makes namespaces and starts what watches; no member, no node yet. */
    Fleet(Cast cast, Size size, Path home, String tag) throws IOException, InterruptedException {
        this.cast = cast;
        this.size = size;
        this.home = home;
        List<String> places = new ArrayList<>(cast.members());
        places.addAll(cast.hosts());
        places.add(CALLERS);
        wires = Wires.make(tag, places);
        plane = new ClusteredPlane(
                PlaneShape.at(places(cast.allocators()), places(cast.registries()))
                        .withTerm(size.term()),
                home.resolve("members"),
                client);
        List<String> members = cast.members();
        for (int member = 0; member < members.size(); member++) {
            players.put(members.get(member), new Member(plane, member, home.resolve(members.get(member) + ".log")));
        }
        for (String host : cast.hosts()) {
            List<String> forever = new ArrayList<>(wires.place(host).prefix());
            forever.addAll(List.of("sleep", "infinity"));
            Process anchor = new ProcessBuilder(forever).start();
            anchors.add(anchor);
            becomes(anchor, "sleep");
            watches.put(host, KernelWatch.of(anchor.pid()));
        }
        for (int number = 0; number < cast.crowds().size(); number++) {
            addCrowd(cast.crowds().get(number), cast.hostOfCrowd(number));
        }
        for (int number = 0; number < cast.nodes().size(); number++) {
            String host = cast.hostOfNode(number);
            GatewayNode node = new GatewayNode(
                    cast.nodes().get(number), host, wires.place(host), directory("nodes-" + host), plane.registries());
            nodes.put(cast.nodes().get(number), node);
            players.put(cast.nodes().get(number), node.process());
        }
        load = child(
                CALLERS,
                LoadMain.class,
                CALLERS,
                line -> Words.read(line, Words.Load.class).ifPresent(words -> loaded = words),
                List.of(
                        "--registry",
                        registries(),
                        "--hosts",
                        "24",
                        "--slots",
                        "16",
                        "--callers",
                        String.valueOf(size.callers()),
                        "--rate",
                        String.valueOf(size.rate())));
    }

    private void addCrowd(String name, String host) throws IOException {
        Crowd crowd = new Crowd(name, host, Objects.requireNonNull(watches.get(host)), troubles::add);
        crowds.put(name, crowd);
        players.put(
                name,
                child(
                        name,
                        CrowdMain.class,
                        host,
                        crowd::hear,
                        List.of(
                                "--home",
                                directory("crowd-" + name).toString(),
                                "--host",
                                host,
                                "--name",
                                name,
                                "--nodes",
                                String.valueOf(size.nodesInCrowd()),
                                "--passers",
                                String.valueOf(size.passersInCrowd()),
                                "--registry",
                                registries())));
    }

    private Child child(String name, Class<?> main, String place, Consumer<String> listener, List<String> options) {
        List<String> command = new ArrayList<>(wires.place(place).prefix());
        command.addAll(List.of(
                Tool.ofTheJdk("java"),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JavaProcess.ownClassPath(),
                main.getName()));
        command.addAll(options);
        return new Child(name, command, home.resolve(name + ".log"), listener);
    }

    private List<Place> places(List<String> names) {
        return names.stream().map(wires::place).toList();
    }

    private String registries() {
        return String.join(",", plane.registries().stream().map(URI::toString).toList());
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    /** Its prefix enters the namespace first; until then it would show another's tables. */
    private static void becomes(Process process, String name) throws IOException, InterruptedException {
        Path comm = Path.of("/proc/" + process.pid() + "/comm");
        for (int tries = 0; tries < 100; tries++) {
            if (Files.readString(comm).strip().equals(name)) {
                return;
            }
            Thread.sleep(20);
        }
        throw new IOException("process %d is %s (expected: %s)".formatted(process.pid(), Files.readString(comm), name));
    }

    Cast cast() {
        return cast;
    }

    Wires wires() {
        return wires;
    }

    /** Starts these, all at once; waits for none. */
    void start(List<String> names) throws IOException {
        for (String name : names) {
            player(name).start();
        }
    }

    void startLoad() throws IOException {
        load.start();
    }

    void pause(List<String> names) throws IOException, InterruptedException {
        for (String name : names) {
            player(name).pause();
        }
    }

    void wake(List<String> names) throws IOException, InterruptedException {
        for (String name : names) {
            player(name).wake();
        }
    }

    /** What watches them is told before: guards die with their processes. */
    void kill(List<String> names) throws IOException, InterruptedException {
        for (String name : names) {
            Crowd crowd = crowds.get(name);
            if (crowd != null) {
                crowd.forget();
            }
            GatewayNode node = nodes.get(name);
            if (node != null) {
                watch(node).forget(node.base());
            }
        }
        for (String name : names) {
            player(name).kill();
        }
    }

    void restart(String name) throws IOException, InterruptedException {
        player(name).restart();
    }

    private Player player(String name) {
        return Objects.requireNonNull(players.get(name), name);
    }

    /** Those that do not live. */
    List<String> dead() {
        return players.keySet().stream().filter(name -> !player(name).isAlive()).toList();
    }

    /** Every gateway that stands is watched from now on. */
    void watchGateways() throws IOException {
        for (Map.Entry<String, GatewayNode> node : nodes.entrySet()) {
            gateways.watch(node.getKey(), node.getValue().gatewayPid());
        }
        watchRanges();
    }

    /** And so are its ports and guards, now that its node holds them. */
    void watchRanges() throws IOException {
        for (GatewayNode node : nodes.values()) {
            watch(node).watch(node.base(), node.gatewayPid());
        }
    }

    private KernelWatch watch(GatewayNode node) {
        return Objects.requireNonNull(watches.get(node.key().host().value()));
    }

    /** Members that do not take work, in short sentences. */
    List<String> membersNotReady() {
        List<String> open = new ArrayList<>();
        players.forEach((name, player) -> {
            if (player instanceof Member member && !member.isAlive()) {
                open.add(name + " does not live");
            } else if (player instanceof Member member && !member.isReady()) {
                open.add(name + " is not ready");
            }
        });
        return open;
    }

    /** Whether the nodes of a crowd do not stand yet, in a short sentence. */
    List<String> crowdNotStanding(String name) {
        Crowd crowd = Objects.requireNonNull(crowds.get(name));
        int standing = crowd.bases().size();
        return standing == size.nodesInCrowd()
                ? List.of()
                : List.of("%s: %d of %d stand".formatted(name, standing, size.nodesInCrowd()));
    }

    /** What keeps this fleet from standing as it should, in short sentences; empty: nothing. Asks everybody. */
    List<String> unsettled(long sinceNanos) throws InterruptedException {
        List<String> open = new ArrayList<>(membersNotReady());
        players.forEach((name, player) -> {
            if (player instanceof Child && !player.isAlive()) {
                open.add(name + " does not live");
            }
        });
        crowds.forEach((name, crowd) -> {
            if (!crowd.saysThatAllStand(size.nodesInCrowd(), sinceNanos)) {
                open.add("%s: %d of %d stand".formatted(name, crowd.bases().size(), size.nodesInCrowd()));
            }
        });
        Set<String> known = known();
        for (String name : cast.nodes()) {
            if (!known.contains(name)) {
                open.add(name + " is not known");
            }
        }
        for (int number = 0; number < cast.crowds().size(); number++) {
            String crowd = cast.crowds().get(number);
            int missing = 0;
            for (int node = 0; node < size.nodesInCrowd(); node++) {
                missing += known.contains(crowd + "-" + node) ? 0 : 1;
            }
            if (missing > 0) {
                open.add("%d of %s are not known".formatted(missing, crowd));
            }
        }
        return open;
    }

    /** The instances that some registry heard of within the last beats, running on confirmed leases. */
    private Set<String> known() throws InterruptedException {
        Set<String> known = new HashSet<>();
        for (String host : cast.hosts()) {
            for (URI registry : plane.registries()) {
                try {
                    HttpResponse<byte[]> answer = client.send(
                            HttpRequest.newBuilder(registry.resolve("/v1/instances?limit=1000&host=" + host))
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            BodyHandlers.ofByteArray());
                    if (answer.statusCode() == 200) {
                        for (JsonNode view :
                                Wire.LENIENT.mapper().readTree(answer.body()).path("items")) {
                            if (view.path("heardMillisAgo").asLong() < HEARD_MILLIS
                                    && view.path("lease").path("state").asText().equals("confirmed")
                                    && view.path("report")
                                            .path("state")
                                            .asText()
                                            .equals("running")) {
                                known.add(view.path("key").path("instance").asText());
                            }
                        }
                    }
                } catch (IOException silent) {
                    // The other one may know.
                }
            }
        }
        return known;
    }

    /** What must never be and was: of everybody who watches. */
    List<String> troubles() {
        List<String> all = new ArrayList<>(troubles);
        watches.forEach(
                (host, watch) -> watch.troubles().forEach(trouble -> all.add("%s: %s".formatted(host, trouble))));
        return all;
    }

    /** Whether two say that they stand on the same ports of a host. */
    void compareWords() throws IOException {
        for (String host : cast.hosts()) {
            Map<Integer, String> places = new TreeMap<>();
            for (Map.Entry<String, Crowd> crowd : crowds.entrySet()) {
                if (crowd.getValue().host().equals(host)) {
                    crowd.getValue().bases().forEach(base -> compare(places, base, crowd.getKey()));
                }
            }
        }
    }

    private void compare(Map<Integer, String> places, int base, String name) {
        places.forEach((other, who) -> {
            if (Math.abs(other - base) < WIDTH) {
                troubles.add("%s says that it stands on %d, and %s on %d".formatted(name, base, who, other));
            }
        });
        places.put(base, name);
    }

    /** How often the kernel's tables of all hosts were looked at. */
    int looks() {
        return watches.values().stream().mapToInt(KernelWatch::looks).sum();
    }

    int gatewaysWatched() {
        return gateways.watched();
    }

    int guarded() {
        return cast.crowds().size() * size.nodesInCrowd() + cast.nodes().size();
    }

    long passersLives() {
        return crowds.values().stream().mapToLong(Crowd::lives).sum();
    }

    long refusedGuards() {
        return crowds.values().stream().mapToLong(Crowd::refusedGuards).sum();
    }

    /** What the load has done. */
    Words.Load loaded() {
        return loaded;
    }

    /** The living members' processes, by name. */
    Map<String, Long> memberPids() {
        Map<String, Long> pids = new TreeMap<>();
        for (String name : cast.members()) {
            if (player(name).isAlive()) {
                pids.put(name, player(name).pid());
            }
        }
        return pids;
    }

    /** The directories whose journals belong together. */
    List<Path> homes() {
        List<Path> homes = new ArrayList<>(List.of(home.resolve("members")));
        cast.crowds().forEach(crowd -> homes.add(home.resolve("crowd-" + crowd)));
        cast.hosts().forEach(host -> homes.add(home.resolve("nodes-" + host)));
        return homes;
    }

    /** In order: the load gives back, nodes drain, members leave last. Whoever does not end is named, and killed. */
    List<String> drain() throws InterruptedException {
        List<String> slow = new ArrayList<>();
        if (!load.end(60)) {
            slow.add("the load did not end within 60 s");
        }
        // From here on gateways are meant to be stopped.
        gateways.close();
        watches.values().forEach(KernelWatch::close);
        crowds.values().forEach(Crowd::end);
        players.values().stream().filter(Child.class::isInstance).forEach(Player::tell);
        for (Map.Entry<String, Player> player : players.entrySet()) {
            if (player.getValue() instanceof Child child && !child.end(60)) {
                slow.add(player.getKey() + " did not end within 60 s of SIGTERM");
            }
        }
        for (String name : cast.members()) {
            if (player(name).isAlive()) {
                player(name).tell();
            }
        }
        for (int member = 0; member < plane.size(); member++) {
            if (!plane.member(member).process().waitFor(60, TimeUnit.SECONDS)) {
                slow.add(cast.members().get(member) + " did not end within 60 s of SIGTERM");
            }
        }
        return slow;
    }

    /** At once, whatever still lives; gateways too. */
    @Override
    public void close() {
        gateways.close();
        watches.values().forEach(KernelWatch::close);
        try {
            load.kill();
            for (Player player : players.values()) {
                player.kill();
                if (player instanceof Member member) {
                    member.keepLog();
                }
            }
            for (GatewayNode node : nodes.values()) {
                ProcessHandle.of(node.gatewayPid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException | IllegalStateException gone) {
            // It was never started.
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        } finally {
            anchors.forEach(Process::destroyForcibly);
            wires.close();
        }
    }
}
