package io.gatefleet.history.check;

/**
 * Where a line stands.
 *
 * @param line from 1
 */
public record Place(String file, long line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
