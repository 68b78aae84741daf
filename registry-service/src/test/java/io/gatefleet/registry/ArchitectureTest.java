package io.gatefleet.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatefleet.registry");

    @Test
    void whatIsRememberedKnowsNeitherBusNorEdge() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.gatefleet.registry.instance..",
                        "io.gatefleet.registry.command..",
                        "io.gatefleet.registry.discovery..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "io.netty..",
                        "com.hazelcast..",
                        "io.micrometer..",
                        "org.slf4j..",
                        "io.gatefleet.runtime..",
                        "io.gatefleet.registry",
                        "java.net..",
                        "java.nio.channels..")
                .check(CLASSES);
    }

    @Test
    void whatIsRememberedHasNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.gatefleet.registry.instance..",
                        "io.gatefleet.registry.command..",
                        "io.gatefleet.registry.discovery..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.time.Instant.class)
                .check(CLASSES);
    }
}
