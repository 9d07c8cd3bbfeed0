/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.rollouts.Defaults;
import dev.kritik.ops.rollouts.RolloutLine;
import dev.kritik.schema.Message;
import dev.kritik.trainer.data.ChatExample;
import dev.kritik.trainer.data.Question;
import dev.kritik.trainer.data.RlTask;

class MakeCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path make(String name, String... options) {
        Path file = folder.resolve(name);
        String[] all = new String[options.length + 5];
        System.arraycopy(new String[] {"tasks", "make", file.toString(), "--count", "40"}, 0, all, 0, 5);
        System.arraycopy(options, 0, all, 5, options.length);
        Cli cli = Cli.run(all);
        assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCode.OK);
        return file;
    }

    @Test
    void labelledTasksAreReadByTrainingsAndByThePipeline() throws Exception {
        Path file = make("tasks.jsonl", "--split", "HELD_OUT");
        assertThat(RlTask.read(file)).hasSize(40);
        for (String line : Files.readAllLines(file)) {
            assertThat(RolloutLine.parse(line, new Defaults("job", null, null, null, null), 0))
                    .allSatisfy(rollout -> assertThat(rollout.getLabel()).isNotNull());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CRITIQUES, 3, false",
        "CHECKS, 3, false",
        "ANSWERS, 3, false",
        "ATTEMPTS, 1, false",
        "PAIRS, 2, false",
        "CRITICISMS, 1, false",
        "CRITICISMS_LABELLED, 1, true",
        "RESPONSES_LABELLED, 1, true"
    })
    void theOtherFormsAreConversationsToLearnFrom(String form, String candidates, boolean labelled) {
        AtomicInteger read = new AtomicInteger();
        ChatExample.read(make(form, "--form", form, "--candidates", candidates), example -> {
            read.incrementAndGet();
            assertThat(example.label().isPresent()).isEqualTo(labelled);
        });
        assertThat(read).hasValue(40);
    }

    @Test
    void theSameOptionsGiveTheSameBytesAndAPartIsTheSameAsInTheWhole() throws Exception {
        Path all = make("all", "--form", "CRITIQUES");
        assertThat(make("again", "--form", "CRITIQUES")).hasSameBinaryContentAs(all);
        Path part = folder.resolve("part");
        Cli.run("tasks", "make", part.toString(), "--form", "CRITIQUES", "--from", "10", "--count", "5");
        assertThat(Files.readAllLines(part)).isEqualTo(Files.readAllLines(all).subList(10, 15));
    }

    @ParameterizedTest
    @CsvSource({"--count", "--from"})
    void numbersBelowZeroAreRefused(String option) {
        Cli cli = Cli.run("tasks", "make", folder.resolve("x").toString(), option, "-1");
        assertThat(cli.code()).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void attemptsAreRightOrWrongAndQuestionsShowTheQueryAloneAndKnowAllThatIsRight() throws Exception {
        // Given
        Path attempts = make("attempts", "--form", "ATTEMPTS", "--candidates", "1", "--seed", "5");
        List<Question> questions =
                Question.read(make("questions", "--form", "QUESTIONS", "--candidates", "1", "--seed", "5"));

        // When
        int right = 0;
        List<String> lines = Files.readAllLines(attempts);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode turns = JSON.readTree(lines.get(i)).get("messages");
            Question question = questions.get(i);
            assertThat(question.messages())
                    .containsExactly(
                            new Message("user", turns.get(0).get("content").textValue()));
            assertThat(question.answers()).isNotEmpty().doesNotHaveDuplicates().allMatch(question::isRight);
            right += question.isRight(turns.get(1).get("content").textValue()) ? 1 : 0;
        }

        // Then
        assertThat(questions).hasSize(40);
        assertThat(right).as("of 40").isBetween(5, 35);
    }

    @Test
    void attemptsNeedOneCandidate() {
        Cli cli = Cli.run("tasks", "make", folder.resolve("x").toString(), "--form", "ATTEMPTS");
        assertThat(cli.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--candidates 1");
    }

    @Test
    void pairsNeedTwoCandidates() {
        Cli cli = Cli.run("tasks", "make", folder.resolve("x").toString(), "--form", "PAIRS");
        assertThat(cli.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--candidates 2");
    }
}
