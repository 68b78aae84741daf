package io.gatefleet.node.gateway;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The file that a gateway prints to. It is cut by copying and truncating: the gateway holds the file open and must not
 * notice. Lines that it prints between the two may be lost.
 */
final class OutputLog {
    private static final long MOST_BYTES = 8L << 20;
    private static final int KEPT = 3;
    private static final int TAIL_BYTES = 16 * 1024;
    private static final int MOST_SEARCHED_BYTES = 256 * 1024;
    private static final int MOST_TOLD_BYTES = 512 * 1024;
    private static final int MOST_TOLD_CHARACTERS = 64 * 1024;
    private static final int LONGEST_TOLD_LINE = 2_000;
    private static final int LAST_LINES = 12;
    private static final int TELLING_LINES = 5;
    private static final int LONGEST_REASON = 400;

    /** How gateways begin to say why they end; what follows are details. */
    private static final Pattern TELLING = Pattern.compile(
            "(?i)failed to start|start blocked|config is invalid|missing config|refusing|could not|cannot|already running"
                    + "|another .* (?:process|instance)|uncaught|fatal|error");

    private static final Pattern TIME =
            Pattern.compile("^\\d{4}-\\d\\d-\\d\\d[T ][0-9:.,]+(?:Z|[+-]\\d\\d:?\\d\\d)?\\s*");

    private final Path file;

    OutputLog(Path file) {
        this.file = file;
    }

    /** Makes the file, for its owner only, if it is not there. */
    void create() throws IOException {
        if (!Files.exists(file)) {
            PrivateFile.create(file, "");
        }
    }

    /** How much there is: what is printed from now on comes after. */
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** @return whether it was cut; then it begins anew */
    boolean rotate() throws IOException {
        if (size() <= MOST_BYTES) {
            return false;
        }
        for (int age = KEPT; age > 1; age--) {
            Path younger = numbered(age - 1);
            if (Files.exists(younger)) {
                Files.move(younger, numbered(age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(file, numbered(1), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        return true;
    }

    /** Whether this life's output has a text in it, as far as its last 256 KiB go. */
    boolean says(long from, String text) throws IOException {
        return tail(from, MOST_SEARCHED_BYTES).contains(text);
    }

    /**
     * Why the gateway ended, as far as it says so itself: one line of at most 400 characters, without secrets; empty if it
     * says nothing, as after a signal.
     *
     * @param from where this life's output begins
     * @param failed whether it ended by itself and with a failure: then its last line tells, whatever its words are
     */
    String reason(long from, String secret, boolean failed) throws IOException {
        List<String> lines = tail(from, TAIL_BYTES)
                .lines()
                .map(line -> TIME.matcher(line).replaceFirst(""))
                .filter(line -> !line.isBlank())
                .toList();
        lines = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        int first = lines.size();
        for (int i = lines.size() - 1; i >= 0; i--) {
            first = TELLING.matcher(lines.get(i)).find() ? i : first;
        }
        if (failed && first == lines.size()) {
            first = Math.max(0, first - 1);
        }
        String reason = String.join(
                " | ",
                lines.stream()
                        .skip(first)
                        .limit(TELLING_LINES)
                        .map(line -> Redaction.of(line, secret))
                        .toList());
        if (reason.endsWith(".")) {
            reason = reason.substring(0, reason.length() - 1); // It goes on in another sentence.
        }
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    /**
     * The end of what was printed, oldest line first, without secrets.
     *
     * @param most so many lines, and no more than 64 KiB of text
     */
    List<String> end(int most, Collection<String> secrets) throws IOException {
        boolean cut = size() > MOST_TOLD_BYTES;
        List<String> lines = tail(0, MOST_TOLD_BYTES).lines().toList();
        // The first one may be the rest of a line, and of a secret in it.
        List<String> clean =
                Redaction.of(cut ? lines.subList(Math.min(1, lines.size()), lines.size()) : lines, secrets);
        int first = clean.size();
        int characters = 0;
        while (first > 0 && clean.size() - first < most) {
            characters += Math.min(LONGEST_TOLD_LINE + 1, clean.get(first - 1).length());
            if (characters > MOST_TOLD_CHARACTERS) {
                break;
            }
            first--;
        }
        return clean.subList(first, clean.size()).stream()
                .map(line -> line.length() <= LONGEST_TOLD_LINE ? line : line.substring(0, LONGEST_TOLD_LINE) + "…")
                .toList();
    }

    private String tail(long from, int most) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long size = open.length();
            long first = Math.max(from <= size ? from : 0, size - most);
            byte[] bytes = new byte[Math.toIntExact(size - first)];
            open.seek(first);
            open.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Path numbered(int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }
}
