package io.gatefleet.doctor.census;

import java.util.Locale;

/**
 * A file or directory.
 *
 * @param path as it was named, absolute
 * @param real the same with every symbolic link followed: two places with one {@code real} are one
 * @param exists whether anything is there; without it the rest says nothing
 * @param directory whether it is one
 * @param mode permission bits, 0 to 07777
 * @param owner the user
 * @param reachable whether every directory above lets other users through
 */
public record Place(
        String path, String real, boolean exists, boolean directory, int mode, String owner, boolean reachable) {
    private static final int OTHERS = 0077;
    private static final int OTHERS_WRITE = 0022;

    /** Whether its bits give anybody but the owner anything. */
    public boolean open() {
        return exists && (mode & OTHERS) != 0;
    }

    /** Whether somebody but the owner may write there. */
    public boolean writable() {
        return exists && (mode & OTHERS_WRITE) != 0;
    }

    /** For example {@code 0755}. */
    public String shownMode() {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    /** What {@link #shownMode} should be: {@code 0700} for a directory, {@code 0600} for a file. */
    public String rightMode() {
        return directory ? "0700" : "0600";
    }
}
