/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import dev.kritik.worker.judge.djl.JudgeFile;

/** Who may use whom (docs/adr/0001). */
@AnalyzeClasses(packages = "dev.kritik", importOptions = DoNotIncludeTests.class)
class LayersTest {

    @ArchTest
    static final ArchRule localStackKnowsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("dev.kritik.local..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.schema..",
                    "dev.kritik.stream..",
                    "dev.kritik.worker..",
                    "dev.kritik.client..",
                    "dev.kritik.trainer..",
                    "dev.kritik.gateway..",
                    "dev.kritik.ops..");

    @ArchTest
    static final ArchRule schemasStandBelowAllRoles = noClasses()
            .that()
            .resideInAPackage("dev.kritik.schema..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.stream..",
                    "dev.kritik.worker..",
                    "dev.kritik.client..",
                    "dev.kritik.trainer..",
                    "dev.kritik.ops..",
                    "dev.kritik.local..");

    /** Every role has it. */
    @ArchTest
    static final ArchRule telemetryNeedsNothingButTheContracts = noClasses()
            .that()
            .resideInAPackage("dev.kritik.telemetry..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.kritik..")
                    .and(resideOutsideOfPackages("dev.kritik.telemetry..", "dev.kritik.schema..")));

    /** It sees what anyone sees who may read the topics. */
    @ArchTest
    static final ArchRule monitorLooksFromOutside = noClasses()
            .that()
            .resideInAPackage("dev.kritik.monitor..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.kritik..")
                    .and(resideOutsideOfPackages(
                            "dev.kritik.monitor..", "dev.kritik.telemetry..", "dev.kritik.schema..")));

    /** What the dashboard makes of records can be tested without a broker and without a server. */
    @ArchTest
    static final ArchRule monitorsModelIsPure = noClasses()
            .that()
            .resideInAPackage("dev.kritik.monitor.watch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "org.eclipse.jetty..",
                    "java.time..",
                    "java.io..",
                    "dev.kritik.monitor.dashboard..",
                    "dev.kritik.monitor.web..");

    @ArchTest
    static final ArchRule dashboardsPageKnowsNoKafka = noClasses()
            .that()
            .resideInAPackage("dev.kritik.monitor.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "dev.kritik.monitor.dashboard..");

    /** Whoever trains elsewhere takes it alone; our trainer uses the same. */
    @ArchTest
    static final ArchRule clientNeedsNothingButTheContracts = noClasses()
            .that()
            .resideInAPackage("dev.kritik.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.kritik..")
                    .and(resideOutsideOfPackages("dev.kritik.client..", "dev.kritik.schema..")));

    @ArchTest
    static final ArchRule streamAppAndWorkerMeetOnlyOnTopics = noClasses()
            .that()
            .resideInAPackage("dev.kritik.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.worker..", "dev.kritik.trainer..", "dev.kritik.ops..", "dev.kritik.local..");

    @ArchTest
    static final ArchRule workerAndStreamAppMeetOnlyOnTopics = noClasses()
            .that()
            .resideInAPackage("dev.kritik.worker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.stream..", "dev.kritik.trainer..", "dev.kritik.ops..", "dev.kritik.local..");

    @ArchTest
    static final ArchRule gatewayMeetsTheOthersOnTopicsOnly = noClasses()
            .that()
            .resideInAPackage("dev.kritik.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.stream..",
                    "dev.kritik.worker..",
                    "dev.kritik.trainer..",
                    "dev.kritik.lm..",
                    "dev.kritik.ops..",
                    "dev.kritik.local..");

    /** What is known of jobs, and what protocols mean, can be tested without a broker and without a server. */
    @ArchTest
    static final ArchRule gatewaysEdgesAreThin = noClasses()
            .that()
            .resideInAnyPackage("dev.kritik.gateway.jobs..", "dev.kritik.gateway.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.eclipse.jetty..", "dev.kritik.gateway.kafka..");

    /** It shares prompts and parser with the worker, so that what is trained is what is asked, and says which in the model. */
    @ArchTest
    static final ArchRule trainerKnowsOnlyPromptsAndParserOfTheRoles = noClasses()
            .that()
            .resideInAPackage("dev.kritik.trainer..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "dev.kritik.stream..", "dev.kritik.worker..", "dev.kritik.ops..", "dev.kritik.local..")
                    .and(resideOutsideOfPackages("dev.kritik.worker.prompt..", "dev.kritik.worker.parse.."))
                    .and(not(type(JudgeFile.class))));

    /** The language model also serves the trainer, and runs without a broker. */
    @ArchTest
    static final ArchRule languageModelKnowsNothingOfKafkaAndTheRoles = noClasses()
            .that()
            .resideInAPackage("dev.kritik.lm..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "dev.kritik.schema..",
                    "dev.kritik.worker..",
                    "dev.kritik.stream..",
                    "dev.kritik.trainer..",
                    "dev.kritik.ops..",
                    "dev.kritik.local..");

    /** The rest of the worker, and of the tools, works the same with any judge. */
    @ArchTest
    static final ArchRule onlyTheAdaptersKnowTheLanguageModel = noClasses()
            .that()
            .resideInAPackage("dev.kritik..")
            .and()
            .resideOutsideOfPackages(
                    "dev.kritik.lm..",
                    "dev.kritik.worker.judge.djl..",
                    "dev.kritik.worker.meta.djl..",
                    "dev.kritik.trainer..",
                    "dev.kritik.ops.generate..",
                    "dev.kritik.ops.train..",
                    "dev.kritik.ops.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kritik.lm..");

    /** Whoever uses a model says prompts and texts, not tensors. */
    @ArchTest
    static final ArchRule onlyTheLanguageModelKnowsDjl = noClasses()
            .that()
            .resideInAPackage("dev.kritik..")
            .and()
            .resideOutsideOfPackage("dev.kritik.lm..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    /** No Kafka, no clock, no chance, no I/O: only the contracts and the language. */
    @ArchTest
    static final ArchRule coreIsPure = classes()
            .that()
            .resideInAPackage("dev.kritik.stream.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kritik.stream.core..",
                    "dev.kritik.schema",
                    "org.apache.avro.specific..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.nio.charset",
                    "java.nio",
                    "java.security",
                    "java.math",
                    "java.text",
                    "java.util.regex",
                    "com.google.re2j");

    @ArchTest
    static final ArchRule coreReadsNoClock = noClasses()
            .that()
            .resideInAPackage("dev.kritik.stream.core..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    /** Training code uses them too. */
    @ArchTest
    static final ArchRule promptAndParserKnowNeitherKafkaNorHttp = noClasses()
            .that()
            .resideInAnyPackage("dev.kritik.worker.prompt..", "dev.kritik.worker.parse..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "java.net.http..",
                    "dev.kritik.worker.task..",
                    "dev.kritik.worker.judge..",
                    "dev.kritik.worker.meta..");

    /** Judges and their callers must run without a broker. */
    @ArchTest
    static final ArchRule onlyTaskSourcesAndAssemblyOfTheWorkerKnowKafka = noClasses()
            .that()
            .resideInAnyPackage("dev.kritik.worker.critic..", "dev.kritik.worker.judge..", "dev.kritik.worker.meta..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka.clients..",
                    "org.apache.kafka.common.serialization..",
                    "dev.kritik.worker.task..");
}
