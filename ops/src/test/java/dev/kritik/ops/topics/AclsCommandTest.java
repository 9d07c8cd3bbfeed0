/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import dev.kritik.ops.cli.Cli;

class AclsCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theListNamesUserOperationResourceAndReasonWithoutAnyBroker() {
        // When
        Cli ran = Cli.run("topics", "acls", "--set", "acl.worker=User:w", "--set", "topics.prefix=p.");
        // Then
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("worker: User:w")
                .containsPattern(" WRITE +topic 'p.critiques' +the critiques");
    }

    @Test
    void withoutUsersAllRolesAreShown() {
        // When
        Cli ran = Cli.run("topics", "acls");
        // Then
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).contains("no keys acl.*");
        assertThat(ran.out()).contains("stream: User:kritik-stream", "admin: User:kritik-admin");
    }

    @Test
    void asJsonEachRightIsALine() {
        // When
        Cli ran = Cli.run("topics", "acls", "--json", "--set", "acl.producer=User:p");
        // Then
        assertThat(ran.out().lines()).singleElement().satisfies(line -> {
            JsonNode right = JSON.readTree(line);
            assertThat(right.get("role").asText()).isEqualTo("producer");
            assertThat(right.get("principal").asText()).isEqualTo("User:p");
            assertThat(right.get("operation").asText()).isEqualTo("WRITE");
            assertThat(right.get("resource_type").asText()).isEqualTo("TOPIC");
            assertThat(right.get("pattern_type").asText()).isEqualTo("LITERAL");
            assertThat(right.get("resource").asText()).isEqualTo("rollouts");
        });
    }

    @Test
    void asCommandsEachResourceIsACallThatAShellCanTake() {
        // When
        Cli ran = Cli.run(
                "topics",
                "acls",
                "--commands",
                "--set",
                "acl.stream=User:CN=it's me",
                "--set",
                "kafka.bootstrap.servers=broker:9093");
        // Then
        assertThat(ran.out().lines())
                .allMatch(line -> line.startsWith("# stream: ") || line.startsWith("kafka-acls.sh "))
                .contains(
                        "kafka-acls.sh --bootstrap-server 'broker:9093' --command-config admin.properties --add"
                                + " --allow-principal 'User:CN=it'\\''s me' --operation Write --operation DescribeConfigs"
                                + " --topic 'rewards'",
                        "kafka-acls.sh --bootstrap-server 'broker:9093' --command-config admin.properties --add"
                                + " --allow-principal 'User:CN=it'\\''s me' --operation Write --transactional-id"
                                + " 'kritik-stream-' --resource-pattern-type prefixed");
    }

    @Test
    void aWrongUserIsAnErrorOfUse() {
        // When
        Cli ran = Cli.run("topics", "acls", "--set", "acl.worker=somebody");
        // Then
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("acl.worker", "somebody");
    }
}
