/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.kritik.schema.Contracts;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.PlainSchema;

class SchemaHistoryTest {

    private static final Path MODULE = Path.of(System.getProperty("kritik.root"), "schemas");

    static Stream<Schema> contracts() {
        return Contracts.byTopic(new Topics("")).values().stream();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyVersionOfAContractReadsEveryOther(Schema contract) {
        // Given
        SchemaHistory history = SchemaHistory.read(MODULE.resolve("history").resolve(contract.getName()));

        // Then
        assertThat(history.problems(contract))
                .as("schemas/README.md says which changes are allowed")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theLastKeptVersionIsTheContractOfToday(Schema contract) throws IOException {
        // Given
        SchemaHistory history = SchemaHistory.read(MODULE.resolve("history").resolve(contract.getName()));
        String name = contract.getName() + "/" + history.next() + ".avsc";

        // When
        if (!history.endsWith(contract)) {
            Path proposal = MODULE.resolve("target/history").resolve(name);
            Files.createDirectories(proposal.getParent());
            Files.writeString(proposal, pretty(contract));
        }

        // Then
        assertThat(history.endsWith(contract))
                .as("%s changed: copy schemas/target/history/%s to schemas/history/%s", contract.getName(), name, name)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyTypeAndFieldIsExplainedAndEveryEnumCanGrow(Schema contract) {
        assertThat(gaps(contract)).isEmpty();
    }

    @Test
    void refusesAFieldWithoutADefaultThatOldRecordsLack() {
        // Given
        Schema old = record().requiredInt("a").endRecord();
        Schema changed = record().requiredInt("a").requiredInt("b").endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(old)).problems(changed))
                .singleElement()
                .asString()
                .contains("new readers can't read R version 1")
                .contains("b");
    }

    @Test
    void refusesToDropAFieldThatOldReadersNeed() {
        // Given
        Schema old = record().requiredInt("a").requiredInt("b").endRecord();
        Schema changed = record().requiredInt("a").endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(old)).problems(changed))
                .singleElement()
                .asString()
                .contains("readers of R version 1 can't read it");
    }

    @Test
    void comparesWithEveryVersionNotOnlyTheLast() {
        // Given: each step alone is fine.
        Schema first = record().requiredInt("a").endRecord();
        Schema second = record().requiredInt("a").optionalInt("b").endRecord();
        Schema third = record().requiredInt("a").requiredInt("b").endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(first, second)).problems(third))
                .anyMatch(problem -> problem.contains("version 1"));
    }

    @Test
    void refusesAnotherDefault() {
        // Given
        Schema old = record().name("a").type().intType().intDefault(1).endRecord();
        Schema changed = record().name("a").type().intType().intDefault(2).endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(old)).problems(changed)).containsExactly("the default of R.a changed");
    }

    @Test
    void seesAChangedDefaultInTheRecordsOfAnArray() {
        // Given
        Schema old =
                record().name("a").type().array().items(item(1)).noDefault().endRecord();
        Schema changed =
                record().name("a").type().array().items(item(2)).noDefault().endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(old)).problems(changed)).containsExactly("the default of R.a.x changed");
    }

    @Test
    void allowsANewFieldWithADefaultAndANewSymbolOfAnEnumWithOne() {
        // Given
        Schema old = record().name("e").type(status("A", "UNKNOWN")).noDefault().endRecord();
        Schema changed = record().name("e")
                .type(status("A", "B", "UNKNOWN"))
                .noDefault()
                .optionalString("b")
                .endRecord();

        // Then
        assertThat(new SchemaHistory(List.of(old)).problems(changed)).isEmpty();
        assertThat(new SchemaHistory(List.of(old)).endsWith(changed)).isFalse();
    }

    @Test
    void findsWhatIsNotExplained() {
        // Given
        Schema bare = record().name("e")
                .type(SchemaBuilder.enumeration("E").symbols("A"))
                .noDefault()
                .endRecord();

        // Then
        assertThat(gaps(bare))
                .containsExactly("R has no doc", "R.e has no doc", "E has no doc", "E has no default symbol");
    }

    private static List<String> gaps(Schema schema) {
        List<String> gaps = new ArrayList<>();
        collectGaps(schema, gaps, new HashSet<>());
        return gaps;
    }

    private static void collectGaps(Schema schema, List<String> gaps, Set<String> seen) {
        for (Schema part : SchemaHistory.parts(schema)) {
            boolean named = part.getType() == Schema.Type.RECORD || part.getType() == Schema.Type.ENUM;
            if (!named || !seen.add(part.getFullName())) {
                continue;
            }
            if (part.getDoc() == null || part.getDoc().isBlank()) {
                gaps.add(part.getName() + " has no doc");
            }
            if (part.getType() == Schema.Type.ENUM && part.getEnumDefault() == null) {
                gaps.add(part.getName() + " has no default symbol");
            }
            if (part.getType() == Schema.Type.RECORD) {
                for (Schema.Field field : part.getFields()) {
                    if (field.doc() == null || field.doc().isBlank()) {
                        gaps.add(part.getName() + "." + field.name() + " has no doc");
                    }
                    collectGaps(field.schema(), gaps, seen);
                }
            }
        }
    }

    private static SchemaBuilder.FieldAssembler<Schema> record() {
        return SchemaBuilder.record("R").fields();
    }

    private static Schema item(int defaultValue) {
        return SchemaBuilder.record("I")
                .fields()
                .name("x")
                .type()
                .intType()
                .intDefault(defaultValue)
                .endRecord();
    }

    private static Schema status(String... symbols) {
        return SchemaBuilder.enumeration("E").defaultSymbol("UNKNOWN").symbols(symbols);
    }

    private static String pretty(Schema contract) throws IOException {
        var json = new ObjectMapper();
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(PlainSchema.text(contract)))
                + "\n";
    }
}
