package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.ConfigTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Versions of installed gateway programs, from the directories that npm and its relatives install into. */
final class Packages {
    private static final Set<String> FAMILIES = Stream.of(Flavor.OPENCLAW, Flavor.CLAWDBOT, Flavor.OMNICLAW)
            .map(Flavor::toString)
            .collect(Collectors.toSet());

    private final Rooted host;
    private final List<String> directories = new ArrayList<>(List.of("/usr/lib", "/usr/local/lib"));

    Packages(Rooted host, List<String> homes) {
        this.host = host;
        for (String home : homes) {
            directories.add(home + "/.npm-global/lib");
            directories.add(home + "/.local/lib");
            directories.add(home + "/.bun/install/global");
            directories.add(home + "/.local/share/pnpm/global/5");
            for (String version : host.names(home + "/.nvm/versions/node")) {
                directories.add(home + "/.nvm/versions/node/" + version + "/lib");
            }
        }
    }

    /** Of the package that a program belongs to: the nearest directory above it with a family's {@code package.json}. */
    Optional<String> version(String program) {
        String directory = host.real(program);
        while (directory.lastIndexOf('/') > 0) {
            directory = directory.substring(0, directory.lastIndexOf('/'));
            Optional<String> version = versionIn(directory);
            if (version.isPresent()) {
                return version;
            }
        }
        return Optional.empty();
    }

    private Optional<String> versionIn(String directory) {
        if (!host.isFile(directory + "/package.json")) {
            return Optional.empty();
        }
        ConfigTree json =
                host.text(directory + "/package.json").map(ConfigFile::json).orElse(ConfigTree.NOTHING);
        return json.at("name").text().filter(FAMILIES::contains).flatMap(family -> json.at("version")
                .text());
    }

    /** The version of a family's only installation; empty if there are several, or none. */
    Optional<String> onlyVersion(Flavor flavor) {
        List<String> versions = directories.stream()
                .map(directory -> directory + "/node_modules/" + flavor)
                .flatMap(directory -> versionIn(directory).stream())
                .distinct()
                .toList();
        return versions.size() == 1 ? Optional.of(versions.get(0)) : Optional.empty();
    }
}
