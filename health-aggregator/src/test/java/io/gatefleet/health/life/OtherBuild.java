package io.gatefleet.health.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.testing.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The services of another version: this one's sources with a few lines changed, compiled and put before its class path.
 * Needs neither a network nor the repository's history.
 */
final class OtherBuild {
    private static final Path MODULES = Path.of("..");

    private final Path sources;
    private final Path classes;
    private final List<Path> changed = new ArrayList<>();

    /** @param home gets the changed sources and their classes */
    OtherBuild(Path home) throws IOException {
        sources = Files.createDirectories(home.resolve("sources"));
        classes = Files.createDirectories(home.resolve("classes"));
    }

    /** One whose ledgers have another form, which members of this one cannot keep. */
    static OtherBuild ofAnotherForm(Path home) throws IOException {
        return new OtherBuild(home)
                .with(
                        "port-allocator",
                        "io/gatefleet/allocator/store/SharedLedgers.java",
                        "return LedgerBytes.FORM;",
                        "return LedgerBytes.FORM - 1;");
    }

    /** One that says a field more in everything that it says, and keeps a tag more in every part of a ledger and lease. */
    static OtherBuild ofTheNextMinor(Path home) throws IOException {
        return new OtherBuild(home)
                .with(
                        "fleet-contract",
                        "io/gatefleet/contract/bus/Wire.java",
                        "        if (!strict) {",
                        """
                                mapper.addMixIn(Object.class, NextMinor.class);
                                mapper.addMixIn(io.gatefleet.contract.Problem.class, AsItWas.class);
                                if (!strict) {""",
                        "    private final class CountUnknown",
                        """
                            /** Every object has one. */
                            private interface NextMinor {
                                @JsonProperty("addedInTheNextMinor")
                                int hashCode();
                            }

                            /** Shows the fields of what it tells of as its own. */
                            private interface AsItWas {
                                @com.fasterxml.jackson.annotation.JsonIgnore
                                int hashCode();
                            }

                            private final class CountUnknown""")
                .with(
                        "port-allocator",
                        "io/gatefleet/allocator/store/LedgerBytes.java",
                        "        return out.bytes();\n",
                        "        out.text(900, \"added in the next minor\");\n        return out.bytes();\n",
                        "            out.end();\n",
                        "            out.plainText(\"added in the next minor\");\n            out.end();\n");
    }

    /** @param replacements what stands in that file, and what stands there instead; each as often as it is found */
    private OtherBuild with(String module, String file, String... replacements) throws IOException {
        String text = Files.readString(
                MODULES.resolve(module).resolve("src/main/java").resolve(file));
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).as(file).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        Path source = sources.resolve(file);
        Files.createDirectories(source.getParent());
        changed.add(Files.writeString(source, text));
        return this;
    }

    /** Compiles it. */
    String classPath() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-parameters",
                    "--release",
                    "17",
                    "-d",
                    classes.toString(),
                    "-cp",
                    JavaProcess.ownClassPath());
            boolean done = compiler.getTask(
                            null, files, said, options, null, files.getJavaFileObjectsFromPaths(changed))
                    .call();
            StringJoiner errors = new StringJoiner("\n");
            said.getDiagnostics().stream()
                    .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                    .forEach(error -> errors.add(error.toString()));
            assertThat(done).as("compiles: %s", errors).isTrue();
        }
        return classes + File.pathSeparator + JavaProcess.ownClassPath();
    }
}
