package io.gatefleet.faults.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who plays, by name. Members and hosts are places with a network namespace each; crowds and nodes are processes on hosts.
 *
 * @param allocators {@code a0} and so on
 * @param registries {@code r0} and so on
 * @param hosts {@code h0} and so on, each a port space
 * @param crowds processes with many guarded nodes each, {@code c0} and so on: the first two on {@code h0}, then one a host
 * @param nodes gateway-nodes with a gateway, {@code n0} and so on: {@code n0} on {@code h0}, {@code n1} on {@code h1}, and
 *     around
 */
record Cast(
        List<String> allocators, List<String> registries, List<String> hosts, List<String> crowds, List<String> nodes) {
    Cast {
        allocators = List.copyOf(allocators);
        registries = List.copyOf(registries);
        hosts = List.copyOf(hosts);
        crowds = List.copyOf(crowds);
        nodes = List.copyOf(nodes);
        if (allocators.size() + registries.size() < 3 || registries.isEmpty()) {
            throw new IllegalArgumentException("members: %d allocators, %d registries (expected: 3 or more, a registry)"
                    .formatted(allocators.size(), registries.size()));
        }
        if (hosts.isEmpty() || crowds.isEmpty() || nodes.isEmpty()) {
            throw new IllegalArgumentException("hosts: %d, crowds: %d, nodes: %d (expected: one or more of each)"
                    .formatted(hosts.size(), crowds.size(), nodes.size()));
        }
    }

    static Cast of(int allocators, int registries, int hosts, int nodes) {
        return new Cast(
                named("a", allocators),
                named("r", registries),
                named("h", hosts),
                named("c", hosts + 1),
                named("n", nodes));
    }

    /** First the allocators, then the registries. */
    List<String> members() {
        List<String> members = new ArrayList<>(allocators);
        members.addAll(registries);
        return members;
    }

    /** Where a crowd stands: two of them share the first host. */
    String hostOfCrowd(int crowd) {
        return hosts.get(Math.max(0, crowd - 1) % hosts.size());
    }

    /** Where a gateway-node stands. */
    String hostOfNode(int node) {
        return hosts.get(node % hosts.size());
    }

    private static List<String> named(String letter, int count) {
        return IntStream.range(0, count).mapToObj(number -> letter + number).toList();
    }
}
