package io.gatefleet.cli;

import io.gatefleet.runtime.access.AccessEditor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatefleet token keys}. */
@Command(
        name = "keys",
        header = "Shows and replaces the keys that seal the tokens of nodes.",
        description = {
            "",
            "To replace a key without disturbing a node: add the new one and take node-keys to every registry; use it,"
                    + " and take the file there again; when every node has beaten since, remove the old one.",
            "",
            "Examples:",
            "  gatefleet token keys --access-dir access",
            "  gatefleet token keys --access-dir access --add k2",
            "  gatefleet token keys --access-dir access --use k2",
            "  gatefleet token keys --access-dir access --remove k1",
        })
final class TokenKeysCommand implements Runnable {
    @Mixin
    private AccessDir access = new AccessDir();

    @Mixin
    private Screen screen = new Screen();

    @ArgGroup
    private @Nullable Change change;

    private static final class Change {
        @Option(names = "--add", paramLabel = "ID", description = "Makes a key; it is known, and not used yet.")
        private @Nullable String add;

        @Option(names = "--use", paramLabel = "ID", description = "This key makes tokens from now on.")
        private @Nullable String use;

        @Option(names = "--remove", paramLabel = "ID", description = "Tokens of this key are no longer known.")
        private @Nullable String remove;
    }

    @Override
    public void run() {
        AccessEditor editor = access.editor();
        try {
            if (change != null) {
                apply(editor, change);
            }
            List<String> lines = new ArrayList<>();
            for (String id : editor.keys()) {
                lines.add(id + (lines.isEmpty() ? "  makes tokens" : "  is known"));
            }
            screen.print(lines.isEmpty() ? List.of("No keys in " + access.path() + ".") : lines);
        } catch (IOException cause) {
            throw new CannotGoOn(Exit.CANNOT_ASK, "cannot be written: " + cause, "");
        }
    }

    private static void apply(AccessEditor editor, Change change) throws IOException {
        if (change.add != null) {
            editor.addKey(change.add);
        } else if (change.use != null) {
            editor.useKey(change.use);
        } else if (change.remove != null) {
            editor.removeKey(change.remove);
        }
    }
}
