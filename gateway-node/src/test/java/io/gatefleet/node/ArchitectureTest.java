package io.gatefleet.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** What may know what in this module: edge, then pure, then contract. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatefleet.node");

    @Test
    void theRulesSeeTheModule() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName())).contains("io.gatefleet.node.port");
    }

    @Test
    void whatANodeDecidesIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.gatefleet.node.lease..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..", "io.netty..", "java.nio.channels..", "java.net..", "java.io..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Process.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ProcessHandle.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .because("a decision that reads no clock and no kernel can be tested as a table")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyTheGatewayPackageStartsProcesses() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.gatefleet.node.gateway..")
                .should()
                .callMethod(ProcessBuilder.class, "start")
                .orShould()
                .callMethod(ProcessBuilder.class, "startPipeline", List.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .because("whatever starts a process decides what that process inherits")
                .check(CLASSES);
    }

    @Test
    void onlyTheGatewayPackageAndTheNodesOwnCommandDescribeProcesses() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.gatefleet.node.gateway..")
                // How others start a node, for those others; it starts nothing.
                .and()
                .doNotHaveFullyQualifiedName("io.gatefleet.node.NodeCommand")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(CLASSES);
    }

    @Test
    void theKernelsViewKnowsTheContractAndTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.gatefleet.node.port..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "io.gatefleet.contract..", "io.gatefleet.node.port..")
                .check(CLASSES);
    }
}
