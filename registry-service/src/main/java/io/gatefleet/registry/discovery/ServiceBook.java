package io.gatefleet.registry.discovery;

import io.gatefleet.contract.service.ServicePresence;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Which services there are, as they say themselves. On one event loop. */
public final class ServiceBook {
    /** A service that lives speaks several times meanwhile. */
    static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final long wholeAt;
    private final Map<Speaker, Heard> heard = new HashMap<>();

    private record Speaker(String member, String service) {}

    private record Heard(ServicePresence presence, long at) {}

    /**
     * @param now when it begins to listen
     * @param everyNanos between two words of a service
     */
    public ServiceBook(long now, long everyNanos) {
        // One word may be lost, or said a moment before.
        this.wholeAt = now + 2 * everyNanos;
    }

    public void hear(ServicePresence presence, long now) {
        heard.put(new Speaker(presence.member(), presence.service()), new Heard(presence, now));
    }

    /**
     * Those that were heard not long ago, and whose members are there.
     *
     * @param members all that see each other
     */
    public List<ServicePresence> present(Collection<String> members, long now) {
        Set<String> there = Set.copyOf(members);
        heard.values().removeIf(word -> now - word.at > FORGET_NANOS || !there.contains(word.presence.member()));
        return heard.values().stream()
                .map(Heard::presence)
                .sorted(Comparator.comparing(ServicePresence::service)
                        .thenComparing(ServicePresence::address)
                        .thenComparingInt(ServicePresence::port))
                .toList();
    }

    /** Why the list of them would be too short, in one sentence; empty when it is whole. */
    public Optional<String> missing(Collection<String> members, long now) {
        if (now - wholeAt < 0) {
            return Optional.of("this registry has just begun to listen; every service speaks within %d ms"
                    .formatted(TimeUnit.NANOSECONDS.toMillis(wholeAt - now)));
        }
        Set<String> speaking =
                present(members, now).stream().map(ServicePresence::member).collect(Collectors.toSet());
        long silent =
                members.stream().filter(member -> !speaking.contains(member)).count();
        return silent == 0
                ? Optional.empty()
                : Optional.of("%d of %d members have not said yet where they answer".formatted(silent, members.size()));
    }
}
