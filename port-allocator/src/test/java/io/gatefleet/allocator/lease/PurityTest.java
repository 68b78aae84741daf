package io.gatefleet.allocator.lease;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The same command on the same ledger gives the same outcome only if nothing else can be asked. */
class PurityTest {
    private static final JavaClasses PURE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatefleet.allocator.lease");

    @Test
    void decisionsKnowTheJdkAndTheContractOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.gatefleet.allocator.lease..",
                        "io.gatefleet.contract..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify.annotations..")
                .check(PURE);
    }

    @Test
    void decisionsKnowNeitherTheBusNorTheCluster() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "com.hazelcast..", "io.gatefleet.contract.bus..")
                .check(PURE);
    }

    @Test
    void decisionsHaveNoClockAndNoDice() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.UUID")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(PURE);
    }
}
