package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Environment;
import io.gatefleet.doctor.census.Flags;
import io.gatefleet.doctor.census.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The systemd units of a host that start gateways: the system's, and those of the users whose homes are looked into. */
final class UnitFiles {
    private static final List<String> SYSTEM =
            List.of("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system");
    private static final List<String> PERSONAL =
            List.of(".config/systemd/user", ".local/share/systemd/user", ".config/systemd/user.control");
    private static final Pattern NAME = Pattern.compile("(openclaw|clawdbot|omniclaw)-gateway.*\\.service");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");

    private final Rooted host;

    UnitFiles(Rooted host) {
        this.host = host;
    }

    /**
     * A unit and whose gateway it starts.
     *
     * @param user who it runs as
     * @param home that user's
     * @param variables what it sets; may hold secrets, and must not outlive the reading
     */
    record Found(Unit unit, Flavor flavor, String user, String home, Map<String, String> variables) {
        /** Without the variables. */
        @Override
        public String toString() {
            return "Found[" + unit.name() + "]";
        }
    }

    List<Found> system(Accounts accounts) {
        List<Found> found = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (String directory : SYSTEM) {
            for (String name : host.names(directory)) {
                // Of one name, the first directory's counts; /lib is often /usr/lib.
                if (service(name) && !seen.contains(name)) {
                    seen.add(name);
                    read(directory + "/" + name, name, null, accounts).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    List<Found> personal(String home, String user, Accounts accounts) {
        List<Found> found = new ArrayList<>();
        for (String directory : PERSONAL) {
            for (String name : host.names(home + "/" + directory)) {
                if (service(name)) {
                    read(home + "/" + directory + "/" + name, name, Map.entry(user, home), accounts)
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** A template is no unit until it has an instance's name. */
    private static boolean service(String name) {
        return name.endsWith(".service") && !name.endsWith("@.service");
    }

    private Optional<Found> read(
            String path, String name, Map.@Nullable Entry<String, String> owner, Accounts accounts) {
        if (!host.isFile(path)) {
            return Optional.empty(); // masked, or a link to nowhere
        }
        Section service = new Section();
        host.text(path).ifPresent(service::read);
        for (String more : host.names(path + ".d")) {
            if (more.endsWith(".conf")) {
                host.text(path + ".d/" + more).ifPresent(service::read);
            }
        }
        String user = owner != null ? owner.getKey() : service.last("User").orElse("root");
        String home = owner != null ? owner.getValue() : accounts.home(user).orElse("/root");
        Map<String, String> specifiers =
                Map.of("%h", home, "%u", user, "%n", name, "%N", name.replace(".service", ""), "%i", instance(name));

        Map<String, String> inline = new LinkedHashMap<>();
        service.all("Environment")
                .forEach(line -> words(line).forEach(word -> assign(inline, specified(word, specifiers))));
        Map<String, String> variables = new LinkedHashMap<>(Map.of("HOME", home));
        variables.putAll(inline);
        service.all("EnvironmentFile").forEach(file -> {
            String plain = specified(file.startsWith("-") ? file.substring(1) : file, specifiers);
            host.text(plain).ifPresent(text -> text.lines().forEach(line -> assign(variables, line.strip())));
        });

        List<String> command = service.last("ExecStart").map(UnitFiles::words).orElse(List.of()).stream()
                .map(word -> expanded(specified(word, specifiers), variables))
                .toList();
        Optional<Program> program = Program.of(stripped(command)).filter(Program::runsGateway);
        Matcher named = NAME.matcher(name);
        if (program.isEmpty() && !named.matches()) {
            return Optional.empty();
        }
        Flavor flavor = program.map(Program::flavor).orElseGet(() -> Flavor.parse(named.group(1)));
        Unit unit = new Unit(
                name,
                path,
                owner != null,
                Environment.of(variables.entrySet().stream()),
                inline.entrySet().stream()
                        .anyMatch(variable -> Environment.isSecret(variable.getKey())
                                && !variable.getValue().isBlank()),
                host.place(path),
                Flags.of(command),
                program.map(Program::path).orElse(null));
        return Optional.of(new Found(unit, flavor, user, home, variables));
    }

    private static String instance(String name) {
        int at = name.indexOf('@');
        return at < 0 ? "" : name.substring(at + 1, name.length() - ".service".length());
    }

    /** Without systemd's marks before the program. */
    private static List<String> stripped(List<String> command) {
        if (command.isEmpty()) {
            return command;
        }
        List<String> stripped = new ArrayList<>(command);
        stripped.set(0, command.get(0).replaceFirst("^[-@:+!]+", ""));
        return stripped;
    }

    private static void assign(Map<String, String> variables, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals > 0 && !assignment.startsWith("#") && !assignment.startsWith(";")) {
            variables.put(
                    assignment.substring(0, equals).strip(),
                    unquoted(assignment.substring(equals + 1).strip()));
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.matches("(?s)\"[^\"]*\"|'[^']*'");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String specified(String text, Map<String, String> specifiers) {
        String specified = text;
        for (Map.Entry<String, String> specifier : specifiers.entrySet()) {
            specified = specified.replace(specifier.getKey(), specifier.getValue());
        }
        return specified;
    }

    private static String expanded(String word, Map<String, String> variables) {
        return VARIABLE.matcher(word)
                .replaceAll(match -> Matcher.quoteReplacement(variables.getOrDefault(match.group(1), "")));
    }

    /** Words as systemd splits them: blanks between, quotes around. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char letter = line.charAt(i);
            if (quote != 0) {
                if (letter == quote) {
                    quote = 0;
                } else {
                    word.append(letter);
                }
            } else if (letter == '"' || letter == '\'') {
                quote = letter;
                inWord = true;
            } else if (Character.isWhitespace(letter)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(letter);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** The {@code [Service]} section of a unit and its drop-ins. */
    private static final class Section {
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        void read(String text) {
            String section = "";
            for (String line : text.replace("\\\n", " ").split("\n", -1)) {
                String stripped = line.strip();
                if (stripped.startsWith("[")) {
                    section = stripped;
                } else if (section.equals("[Service]") && !stripped.startsWith("#") && !stripped.startsWith(";")) {
                    int equals = stripped.indexOf('=');
                    if (equals > 0) {
                        add(
                                stripped.substring(0, equals).strip(),
                                stripped.substring(equals + 1).strip());
                    }
                }
            }
        }

        /** An empty value takes back all before it. */
        private void add(String key, String value) {
            List<String> list = values.computeIfAbsent(key, none -> new ArrayList<>());
            if (value.isEmpty()) {
                list.clear();
            } else {
                list.add(value);
            }
        }

        List<String> all(String key) {
            return values.getOrDefault(key, List.of());
        }

        Optional<String> last(String key) {
            List<String> all = all(key);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
        }
    }
}
