package io.gatefleet.doctor;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String[] CORE = {
        "io.gatefleet.doctor.census..", "io.gatefleet.doctor.port..", "io.gatefleet.doctor.finding.."
    };
    private static final JavaClasses DOCTOR = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatefleet.doctor");

    @Test
    void theCoreKnowsTheJdkAndTheContractAlone() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.gatefleet.contract..",
                        "io.gatefleet.doctor.census..",
                        "io.gatefleet.doctor.port..",
                        "io.gatefleet.doctor.finding..")
                .check(DOCTOR);
    }

    @Test
    void theCoreTouchesNoFile() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Files.class, Path.class, File.class, Socket.class, ProcessHandle.class)
                .check(DOCTOR);
    }

    @Test
    void nothingIsStartedOrConnectedTo() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class, Process.class, Runtime.class, Socket.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "java.net.http..", "io.vertx..")
                .check(DOCTOR);
    }

    @Test
    void nothingIsWritten() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(name(Files.class.getName())))
                                .and(
                                        target(
                                                nameMatching(
                                                        "write.*|create.*|delete.*|move|copy|set.*|newOutputStream|newBufferedWriter|newByteChannel"))))
                .check(DOCTOR);
    }
}
