package io.gatefleet.contract.host;

/**
 * What a host id must stand for: the network namespace of one boot of one kernel. Two of them under one id are two
 * hosts, and ports lent on one mean nothing on the other.
 *
 * @param bootId {@code /proc/sys/kernel/random/boot_id}
 * @param netns inode of {@code /proc/self/ns/net}
 */
public record PortSpace(String bootId, long netns) {
    @Override
    public String toString() {
        return bootId + "/net:" + netns;
    }
}
