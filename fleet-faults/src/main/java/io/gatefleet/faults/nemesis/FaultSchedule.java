package io.gatefleet.faults.nemesis;

import io.gatefleet.faults.nemesis.Fault.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Faults without end, from a seed: the same seed and cast give the same ones. Drawn from a shuffled deck, so that a long
 * run has seen every kind and a short one different ones by seed. Pure.
 */
final class FaultSchedule {
    /** What a deck holds beside one of each kind: where it was found that ledgers lend twice. */
    private static final List<Kind> MORE =
            List.of(Kind.STAGGERED_PARTITION, Kind.STAGGERED_PARTITION, Kind.CLEAN_PARTITION, Kind.PAUSED_MEMBER);

    private final Cast cast;
    private final long termMillis;
    private final Set<Kind> only;
    private final Random random;
    private final Deque<Kind> deck = new ArrayDeque<>();
    private int number;

    /**
     * @param termMillis of leases: some faults last longer
     * @param only these kinds; not empty
     */
    FaultSchedule(Cast cast, long termMillis, Set<Kind> only, long seed) {
        this.cast = cast;
        this.termMillis = termMillis;
        this.only = EnumSet.copyOf(only);
        this.random = new Random(seed);
    }

    Fault next() {
        if (deck.isEmpty()) {
            List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
            kinds.addAll(MORE);
            kinds.retainAll(only);
            Collections.shuffle(kinds, random);
            deck.addAll(kinds);
        }
        Kind kind = deck.pop();
        number++;
        return switch (kind) {
            case CLEAN_PARTITION -> clean();
            case STAGGERED_PARTITION -> staggered();
            case ONE_WAY -> oneWay();
            case BRIDGE -> bridge();
            case REGISTRIES_FROM_ALLOCATORS -> registriesFromAllocators();
            case NODES_FROM_REGISTRIES -> nodesFromRegistries();
            case PAUSED_MEMBER -> pausedMember();
            case PAUSED_NODES -> pausedNodes();
            case KILLED_MEMBERS -> killedMembers();
            case ALL_MEMBERS_KILLED -> killed(kind, cast.members(), millis(1_000, 8_000));
            case KILLED_NODES -> killed(kind, some(cast.crowds(), 1), millis(500, 5_000));
            case KILLED_GATEWAY_NODES ->
                killed(kind, some(cast.nodes(), between(1, (cast.nodes().size() + 1) / 2)), millis(500, 15_000));
            case RESTARTED_IN_ORDER -> restarted();
        };
    }

    private Fault clean() {
        List<String> few = minority();
        List<String> many = without(cast.members(), few);
        return fault(
                Kind.CLEAN_PARTITION,
                "%s apart from %s".formatted(few, many),
                List.of(new Deed.Cut(0, Link.between(few, many))),
                millis(15_000, 30_000));
    }

    private Fault staggered() {
        List<String> few = minority();
        List<String> many = without(cast.members(), few);
        List<String[]> pairs = new ArrayList<>();
        few.forEach(one -> many.forEach(other -> pairs.add(new String[] {one, other})));
        Collections.shuffle(pairs, random);
        List<Deed> deeds = new ArrayList<>();
        List<String> order = new ArrayList<>();
        long at = 0;
        for (String[] pair : pairs) {
            deeds.add(new Deed.Cut(at, Link.between(List.of(pair[0]), List.of(pair[1]))));
            order.add("%s-%s at %.1f s".formatted(pair[0], pair[1], at / 1e3));
            // Alone it took links that fell 2 to 4 s apart to make a ledger lend twice; two have twice the links.
            at += few.size() == 1 ? millis(2_000, 4_000) : millis(800, 2_500);
        }
        return fault(
                Kind.STAGGERED_PARTITION,
                "%s apart, link by link: %s".formatted(few, String.join(", ", order)),
                deeds,
                at + millis(10_000, 20_000));
    }

    private Fault oneWay() {
        List<String> mute = minority();
        List<String> others = without(cast.members(), mute);
        boolean deaf = random.nextBoolean();
        return fault(
                Kind.ONE_WAY,
                deaf
                        ? "%s hear nothing from %s".formatted(mute, others)
                        : "%s hear nothing from %s".formatted(others, mute),
                List.of(new Deed.Cut(0, deaf ? Link.oneWay(others, mute) : Link.oneWay(mute, others))),
                millis(15_000, 25_000));
    }

    private Fault bridge() {
        List<String> shuffled = some(cast.members(), cast.members().size());
        List<String> left = shuffled.subList(1, 1 + (shuffled.size() - 1) / 2);
        List<String> right = shuffled.subList(1 + left.size(), shuffled.size());
        return fault(
                Kind.BRIDGE,
                "%s and %s apart, only %s sees both".formatted(left, right, shuffled.get(0)),
                List.of(new Deed.Cut(0, Link.between(left, right))),
                millis(15_000, 25_000));
    }

    private Fault registriesFromAllocators() {
        List<String> few = some(cast.registries(), between(1, cast.registries().size()));
        return fault(
                Kind.REGISTRIES_FROM_ALLOCATORS,
                "%s apart from %s".formatted(few, cast.allocators()),
                List.of(new Deed.Cut(0, Link.between(few, cast.allocators()))),
                millis(12_000, 25_000));
    }

    private Fault nodesFromRegistries() {
        List<String> some = some(cast.hosts(), between(1, cast.hosts().size()));
        List<String> registries =
                some(cast.registries(), between(1, cast.registries().size()));
        Set<Link> links = random.nextInt(3) == 0 ? Link.oneWay(registries, some) : Link.between(some, registries);
        return fault(
                Kind.NODES_FROM_REGISTRIES,
                "%d links between nodes on %s and %s".formatted(links.size(), some, registries),
                List.of(new Deed.Cut(0, links)),
                millis(termMillis / 2, 2 * termMillis));
    }

    private Fault pausedMember() {
        List<String> one = some(cast.members(), 1);
        long still = millis(5_000, 25_000);
        return fault(
                Kind.PAUSED_MEMBER,
                "%s stands still for %.1f s".formatted(one, still / 1e3),
                List.of(new Deed.Pause(0, one), new Deed.Wake(still, one)),
                still);
    }

    private Fault pausedNodes() {
        List<String> all = new ArrayList<>(cast.crowds());
        all.addAll(cast.nodes());
        List<String> whom = some(all, between(1, 2));
        long still = termMillis + millis(2_000, 8_000);
        return fault(
                Kind.PAUSED_NODES,
                "%s stand still for %.1f s, longer than their term".formatted(whom, still / 1e3),
                List.of(new Deed.Pause(0, whom), new Deed.Wake(still, whom)),
                still);
    }

    private Fault killedMembers() {
        return killed(Kind.KILLED_MEMBERS, minority(), millis(500, 12_000));
    }

    private Fault killed(Kind kind, List<String> whom, long away) {
        return fault(
                kind,
                "%s killed, started again after %.1f s".formatted(whom, away / 1e3),
                List.of(new Deed.Kill(0, whom), new Deed.Start(away, whom)),
                away);
    }

    private Fault restarted() {
        List<String> order = some(cast.members(), cast.members().size());
        return fault(
                Kind.RESTARTED_IN_ORDER,
                "%s restarted one after the other".formatted(order),
                List.of(new Deed.Restart(0, order)),
                0);
    }

    private Fault fault(Kind kind, String story, List<Deed> deeds, long lasts) {
        return new Fault(number, kind, story, deeds, lasts);
    }

    /** Of the members, fewer than a majority. */
    private List<String> minority() {
        return some(cast.members(), between(1, (cast.members().size() - 1) / 2));
    }

    private List<String> some(List<String> all, int count) {
        List<String> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return List.copyOf(shuffled.subList(0, count));
    }

    private static List<String> without(List<String> all, List<String> some) {
        return all.stream().filter(one -> !some.contains(one)).toList();
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private long millis(long least, long most) {
        return least + random.nextInt((int) (most - least + 1));
    }
}
