package io.gatefleet.faults.nemesis;

import io.gatefleet.faults.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One network namespace for each place, all on one bridge, and the means to cut single directions between them. What is cut
 * is dropped without a word, where it arrives: nobody is told, as when a cable is pulled behind a switch.
 *
 * <p>Addresses are of 127.77.0.0/24, which these namespaces route between each other: so services believe that they are
 * asked on loopback, and need no tokens.
 */
final class Wires implements AutoCloseable {
    private static final String NET = "127.77.0.";
    private static final int FIRST_ADDRESS = 10;
    private static final String HERE = "";
    private static final int HERE_NUMBER = 1;

    private final String tag;
    private final Map<String, Integer> numbers = new TreeMap<>();
    private Set<Link> cut = Set.of();

    private Wires(String tag, Collection<String> places) {
        this.tag = tag;
        places.forEach(place -> numbers.put(place, FIRST_ADDRESS + numbers.size()));
    }

    /**
     * Makes everything in the network namespace of this process, which gets the address 127.77.0.1 and is never cut off.
     *
     * @param tag at most 8 characters, at the begin of each name
     * @param places at most 200
     */
    static Wires make(String tag, Collection<String> places) throws IOException, InterruptedException {
        Wires wires = new Wires(tag, places);
        try {
            wires.make();
            return wires;
        } catch (IOException | RuntimeException | InterruptedException cause) {
            wires.close();
            throw cause;
        }
    }

    private void make() throws IOException, InterruptedException {
        StringBuilder here = new StringBuilder("link add %s address %s type bridge\n".formatted(bridge(), mac(HERE)));
        for (String place : numbers.keySet()) {
            Tool.run("ip", "netns", "add", namespace(place));
            here.append("link add %s type veth peer name eth0 address %s netns %s\n"
                    .formatted(tag + place, mac(place), namespace(place)));
            here.append("link set %s master %s up\n".formatted(tag + place, bridge()));
        }
        Tool.run(List.of("ip", "-batch", "-"), here.toString());
        addresses(HERE, bridge(), List.of());
        for (String place : numbers.keySet()) {
            addresses(place, "eth0", List.of("ip", "netns", "exec", namespace(place)));
        }
    }

    private void addresses(String place, String device, List<String> prefix) throws IOException, InterruptedException {
        List<String> routable = new ArrayList<>(prefix);
        routable.addAll(List.of("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet"));
        Tool.run(routable, "");
        StringBuilder there = new StringBuilder();
        there.append(
                "link set lo up\nlink set %s up\naddr add %s/32 dev %s\n".formatted(device, address(place), device));
        there.append("route add %s0/24 dev %s src %s table 77\n".formatted(NET, device, address(place)));
        // Known for ever: who is cut off would not answer who has an address, and that would be a word.
        List<String> others = new ArrayList<>(numbers.keySet());
        others.add(HERE);
        others.remove(place);
        for (String other : others) {
            there.append(
                    "neigh replace %s lladdr %s dev %s nud permanent\n".formatted(address(other), mac(other), device));
        }
        // Before the kernel asks whether a packet is for itself, it asks from whom it comes (10, where links are cut),
        // and whether it is for a neighbour: the rest of 127.0.0.0/8 is itself.
        there.append("rule add pref 100 lookup local\n");
        there.append("rule add pref 20 to %s lookup local\n".formatted(address(place)));
        there.append("rule add pref 21 to %s0/24 lookup 77\n".formatted(NET));
        there.append("rule del pref 0\n");
        List<String> batch = new ArrayList<>(prefix);
        batch.addAll(List.of("ip", "-batch", "-"));
        Tool.run(batch, there.toString());
    }

    /** Where a process is to stand. */
    Place place(String name) {
        return Place.inNamespace(namespace(name), address(name));
    }

    String namespace(String place) {
        return tag + "-" + place;
    }

    private String address(String place) {
        return NET + number(place);
    }

    private String mac(String place) {
        return "02:00:0a:4d:00:%02x".formatted(number(place));
    }

    private int number(String place) {
        return place.equals(HERE) ? HERE_NUMBER : Objects.requireNonNull(numbers.get(place), place);
    }

    private String bridge() {
        return tag + "br";
    }

    /** Cuts these too. */
    void cut(Collection<Link> links) throws IOException, InterruptedException {
        Set<Link> all = new TreeSet<>(cut);
        all.addAll(links);
        become(all);
    }

    /** Nothing is cut any more. */
    void heal() throws IOException, InterruptedException {
        become(Set.of());
    }

    private void become(Set<Link> wanted) throws IOException, InterruptedException {
        Map<String, List<String>> changes = new TreeMap<>();
        for (Link link : wanted) {
            if (!cut.contains(link)) {
                changes.computeIfAbsent(link.to(), place -> new ArrayList<>()).add("rule add " + drop(link));
            }
        }
        for (Link link : cut) {
            if (!wanted.contains(link)) {
                changes.computeIfAbsent(link.to(), place -> new ArrayList<>()).add("rule del " + drop(link));
            }
        }
        for (Map.Entry<String, List<String>> change : changes.entrySet()) {
            Tool.run(
                    List.of("ip", "-n", namespace(change.getKey()), "-batch", "-"),
                    String.join("\n", change.getValue()) + "\n");
        }
        cut = Set.copyOf(wanted);
    }

    private String drop(Link link) {
        return "pref 10 from " + address(link.from()) + " blackhole";
    }

    /** Removes every namespace and the bridge. */
    @Override
    public void close() {
        for (String place : numbers.keySet()) {
            quietly("ip", "netns", "del", namespace(place));
        }
        quietly("ip", "link", "del", bridge());
    }

    private static void quietly(String... command) {
        try {
            Tool.run(command);
        } catch (IOException gone) {
            // It was not made yet, or is gone.
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
