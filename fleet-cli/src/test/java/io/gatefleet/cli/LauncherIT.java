package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a project of its own, with programs that only pretend to be Java and Maven. */
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("..", "gatefleet").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path project;

    @SuppressWarnings("NullAway.Init")
    private Path jdk;

    /** What the launcher said, and how it ended. */
    private record Result(int exitCode, String said) {}

    @BeforeEach
    void pretend() throws IOException {
        project = Files.createDirectories(directory.resolve("a project"));
        Files.copy(LAUNCHER, project.resolve("gatefleet"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.createDirectories(project.resolve("some-module/src/main/java"));
        Files.writeString(project.resolve("some-module/pom.xml"), "<project/>");
        jdk = Files.createDirectories(directory.resolve("jdk"));
        java("17.0.15");
        program(jdk.resolve("bin/javac"), "exit 0");
        maven("""
                echo '[INFO] Building some-module 1.0                     [1/2]'
                echo '[INFO] Building fleet-cli 1.0                       [2/2]'
                mkdir -p fleet-cli/target/dist/lib && touch fleet-cli/target/dist/lib/fleet-cli-1.0.jar""");
    }

    @Test
    void theFirstStartBuildsWithALinePerModuleAndTheNextOneDoesNot() throws Exception {
        Result first = launch(project, "status");
        Result second = launch(project, "status", "--json");

        assertThat(first.said())
                .contains("The first build downloads", " 1 of 2  some-module", " 2 of 2  fleet-cli")
                .contains("java ran: status");
        assertThat(second.said()).isEqualTo("java ran: status --json\n");
    }

    @Test
    void aSourceThatChangedIsBuilt() throws Exception {
        launch(project, "status");
        Path source = project.resolve("some-module/src/main/java/New.java");
        Files.writeString(source, "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(launch(project, "status").said()).contains("building what changed", "java ran: status");
    }

    @Test
    void itWorksThroughASymlinkFromAnywhereAndKeepsArgumentsWhole() throws Exception {
        launch(project, "status");
        Path link = Files.createSymbolicLink(directory.resolve("gatefleet"), project.resolve("gatefleet"));
        Path far = Files.createSymbolicLink(directory.resolve("far"), Path.of("gatefleet"));

        assertThat(run(Path.of("/"), link, "reserve", "a b").said()).isEqualTo("java ran: reserve a b\n");
        assertThat(run(directory, far, "status").said()).isEqualTo("java ran: status\n");
    }

    @Test
    void anOldJavaIsNamedWithWhatIsExpected() throws Exception {
        java("11.0.2");

        Result result = launch(project, "up");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.said()).contains("is Java 11 (expected: 17 or newer; set JAVA_HOME to one)");
    }

    @Test
    void aJavaWithoutACompilerIsToldBeforeTheBuild() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));

        Result result = launch(project, "up");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.said()).contains("is only a Java runtime (expected: a JDK with javac");
    }

    @Test
    void aBuildThatFailsShowsItsErrorsItsLogAndWhatToDo() throws Exception {
        maven("""
                echo '[INFO] Building some-module 1.0                     [1/2]'
                echo '[ERROR] COMPILATION ERROR : '
                echo '[ERROR] New.java:[1,1] class expected'
                exit 1""");

        Result result = launch(project, "up");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.said())
                .contains("New.java:[1,1] class expected", "gatefleet-build.log", "the sources do not compile")
                .doesNotContain("java ran");
        assertThat(project.resolve("target/gatefleet-build.log")).content().contains("class expected");
    }

    @Test
    void aLibraryThatCannotBeFetchedIsToldApart() throws Exception {
        maven("echo '[ERROR] Could not transfer artifact a:b:jar:1 from/to central: Connection refused'; exit 1");

        assertThat(launch(project, "up").said()).contains("could not fetch a library", "~/.m2/settings.xml");
    }

    @Test
    void withoutAJavaItSaysHowToGetOne() throws Exception {
        ProcessBuilder builder = builder(project, project.resolve("gatefleet"), "up");
        builder.environment().remove("JAVA_HOME");
        // Nothing but what the launcher itself needs.
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : List.of("bash", "dirname", "readlink")) {
            program(bin.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
        }
        builder.command().set(0, "/usr/bin/bash");
        builder.environment().put("PATH", bin.toString());

        Result result = finish(builder);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.said()).contains("there is no java (expected: a JDK 17 or newer; on Debian: apt-get install");
    }

    private void java(String version) throws IOException {
        program(
                jdk.resolve("bin/java"),
                "case \"$*\" in *Rehearsal*) exit 1 ;; esac\n"
                        + "while [[ $1 != io.gatefleet.* ]]; do shift; done; shift; echo \"java ran: $*\"");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private void maven(String script) throws IOException {
        program(directory.resolve("tools/mvn"), script);
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result launch(Path directory, String... words) throws IOException, InterruptedException {
        return run(directory, project.resolve("gatefleet"), words);
    }

    private Result run(Path directory, Path launcher, String... words) throws IOException, InterruptedException {
        return finish(builder(directory, launcher, words));
    }

    private ProcessBuilder builder(Path where, Path launcher, String... words) {
        ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString());
        builder.command().addAll(List.of(words));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GATEFLEET_"));
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("PATH", directory.resolve("tools") + ":" + environment.get("PATH"));
        return builder.directory(where.toFile()).redirectErrorStream(true);
    }

    private static Result finish(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), said);
    }
}
