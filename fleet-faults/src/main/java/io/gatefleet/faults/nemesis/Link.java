package io.gatefleet.faults.nemesis;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** One direction between two places: what {@code to} hears from {@code from}. */
record Link(String from, String to) implements Comparable<Link> {
    Link {
        if (from.equals(to)) {
            throw new IllegalArgumentException("link: " + from + " to itself (expected: two places)");
        }
    }

    /** Both directions between each of the one side and each of the other. */
    static Set<Link> between(Collection<String> one, Collection<String> other) {
        Set<Link> links = oneWay(one, other);
        links.addAll(oneWay(other, one));
        return links;
    }

    /** What the others hear from the ones. */
    static Set<Link> oneWay(Collection<String> from, Collection<String> to) {
        Set<Link> links = new TreeSet<>();
        for (String speaker : from) {
            for (String listener : to) {
                links.add(new Link(speaker, listener));
            }
        }
        return links;
    }

    @Override
    public int compareTo(Link other) {
        int speakers = from.compareTo(other.from);
        return speakers != 0 ? speakers : to.compareTo(other.to);
    }

    @Override
    public String toString() {
        return from + ">" + to;
    }
}
