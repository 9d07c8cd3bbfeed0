/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A schema registry that speaks Confluent's REST protocol, as Apicurio Registry does (tested) and several others. Safe
 * for use by many threads; make one for each process. Threads that wait here can be interrupted, which shows as
 * {@link RegistryUnavailableException}.
 */
public final class HttpSchemaRegistry implements SchemaRegistry, AutoCloseable {

    private record Version(String subject, String text) {}

    private final RegistryConfig config;
    private final RegistryHttp http;
    private final AnswerCache<Version, Integer> ids;
    private final AnswerCache<Integer, Schema> schemas;

    public HttpSchemaRegistry(RegistryConfig config) {
        this(config, System::nanoTime);
    }

    HttpSchemaRegistry(RegistryConfig config, LongSupplier nanoClock) {
        this.config = config;
        this.http = new RegistryHttp(config);
        this.ids = new AnswerCache<>(this::idOf, config.negativeCache(), nanoClock);
        this.schemas = new AnswerCache<>(this::fetch, config.negativeCache(), nanoClock);
    }

    @Override
    public int register(String subject, Schema schema) {
        return ids.get(new Version(subject, PlainSchema.text(schema)));
    }

    @Override
    public Schema schemaById(int id) {
        return schemas.get(id);
    }

    /**
     * The id of a schema under a subject, if it is registered there. Not cached.
     *
     * @throws RegistryUnavailableException if the registry gave no answer
     */
    public OptionalInt find(String subject, Schema schema) {
        return find(new Version(subject, PlainSchema.text(schema)));
    }

    /**
     * Whether any schema is registered under a subject, by whomever; deleted ones don't count. Not cached.
     *
     * @throws RegistryUnavailableException if the registry gave no answer
     */
    public boolean hasVersions(String subject) {
        String path = "/subjects/" + encode(subject) + "/versions";
        Answer answer = http.send("GET", path, null);
        return !answer.refuses(404) && !expectOk(answer, path).isEmpty();
    }

    /**
     * Why the registry would not take a schema as the next version of a subject; empty when it would, also when the
     * subject is new. Asks by the subject's level of compatibility, against the latest version.
     *
     * @throws RegistryUnavailableException if the registry gave no answer
     */
    public List<String> incompatibilities(String subject, Schema schema) {
        String path = "/compatibility/subjects/" + encode(subject) + "/versions/latest?verbose=true";
        Answer answer = http.send("POST", path, versionBody(PlainSchema.text(schema)));
        if (answer.refuses(404)) {
            return List.of();
        }
        if (answer.refuses(422)) {
            return List.of(answer.describe());
        }
        if (expectOk(answer, path).path("is_compatible").asBoolean()) {
            return List.of();
        }
        List<String> messages = new ArrayList<>();
        answer.body().path("messages").forEach(message -> messages.add(message.asText()));
        return messages.isEmpty() ? List.of("the registry says that it is incompatible, without a reason") : messages;
    }

    /**
     * Sets what the registry asks of new versions of a subject, which need not exist yet.
     *
     * @throws RegistryUnavailableException if the registry gave no answer or does not allow it
     */
    public void setCompatibility(String subject, Compatibility level) {
        String path = "/config/" + encode(subject);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("compatibility", level.name());
        expectOk(http.send("PUT", path, body), path);
    }

    /**
     * The level that was set for a subject; empty when none was, so that the registry's own default holds.
     *
     * @throws RegistryUnavailableException if the registry gave no answer, or a level that we don't know
     */
    public Optional<Compatibility> compatibility(String subject) {
        String path = "/config/" + encode(subject);
        Answer answer = http.send("GET", path, null);
        if (answer.refuses(404)) {
            return Optional.empty();
        }
        String level = expectOk(answer, path).path("compatibilityLevel").asText("");
        try {
            return Optional.of(Compatibility.valueOf(level));
        } catch (IllegalArgumentException e) {
            throw new RegistryUnavailableException(
                    answer.url() + path + " names a compatibility level that we don't know: '" + level + "'", e);
        }
    }

    /** Lets go of the connections. Waiting requests end with {@link RegistryUnavailableException}. */
    @Override
    public void close() {
        http.close();
    }

    private Integer idOf(Version version) {
        return config.register() ? registered(version) : lookedUp(version);
    }

    private int registered(Version version) {
        String path = "/subjects/" + encode(version.subject()) + "/versions";
        Answer answer = http.send("POST", path, versionBody(version.text()));
        if (answer.refuses(409)) {
            throw new SchemaRefusedException("the schema is not compatible with an earlier version of subject '"
                    + version.subject() + "': " + answer.describe());
        }
        if (answer.refuses(422)) {
            throw new SchemaRefusedException(
                    "the registry can't use our schema for subject '" + version.subject() + "': " + answer.describe());
        }
        return id(answer, path);
    }

    private int lookedUp(Version version) {
        return find(version)
                .orElseThrow(() -> new SchemaRefusedException("our schema is not registered under subject '"
                        + version.subject() + "', and " + RegistryConfig.REGISTER
                        + " is false; register it, or set that key to true"));
    }

    private OptionalInt find(Version version) {
        String path = "/subjects/" + encode(version.subject());
        Answer answer = http.send("POST", path, versionBody(version.text()));
        return answer.refuses(404) ? OptionalInt.empty() : OptionalInt.of(id(answer, path));
    }

    private Schema fetch(Integer id) {
        // Ids count from 1; what a registry makes of others is anyone's guess, down to an error of its own.
        if (id < 1) {
            throw new UnknownSchemaException("no registry gives the id " + id);
        }
        String path = "/schemas/ids/" + id;
        Answer answer = http.send("GET", path, null);
        if (answer.refuses(404) || answer.refuses(422)) {
            throw new UnknownSchemaException("the registry knows no schema " + id + ": " + answer.describe());
        }
        JsonNode body = expectOk(answer, path);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new UnknownSchemaException("schema " + id + " is of type " + type + ", not AVRO");
        }
        try {
            // It was good enough for whoever wrote with it: names and defaults are not ours to judge.
            var parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
            parseReferences(body, parser, new HashSet<>());
            return parser.parse(text(answer));
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            // On odd input Avro's parser throws more than it says.
            throw new UnknownSchemaException("schema " + id + " can't be read as Avro: " + e.getMessage(), e);
        }
    }

    /** Types that a schema does not hold itself but names, each a version of another subject; theirs first. */
    private void parseReferences(JsonNode body, Schema.Parser parser, Set<String> seen) {
        for (JsonNode reference : body.path("references")) {
            String path = "/subjects/" + encode(reference.path("subject").asText()) + "/versions/"
                    + reference.path("version").asInt();
            if (seen.add(path)) {
                Answer answer = http.send("GET", path, null);
                parseReferences(expectOk(answer, path), parser, seen);
                parser.parse(text(answer));
            }
        }
    }

    private static String text(Answer answer) {
        JsonNode schema = answer.body().path("schema");
        if (!schema.isTextual()) {
            throw new RegistryUnavailableException(answer.url() + " answered without the text of a schema");
        }
        return schema.asText();
    }

    private static ObjectNode versionBody(String text) {
        // No schemaType: AVRO is the default, and old registries don't know the field.
        return JsonNodeFactory.instance.objectNode().put("schema", text);
    }

    private static int id(Answer answer, String path) {
        JsonNode id = expectOk(answer, path).path("id");
        if (!id.isInt() || id.asInt() < 1) {
            throw new RegistryUnavailableException(answer.url() + path + " answered without an id");
        }
        return id.asInt();
    }

    private static JsonNode expectOk(Answer answer, String path) {
        if (!answer.ok()) {
            throw new RegistryUnavailableException(answer.url() + path + " answered " + answer.describe() + "; is "
                    + RegistryConfig.URL + " the base address of a registry with Confluent's protocol?");
        }
        return answer.body();
    }

    private static String encode(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
