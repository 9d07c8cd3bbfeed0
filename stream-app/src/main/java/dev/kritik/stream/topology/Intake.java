/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import dev.kritik.schema.Critique;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;
import dev.kritik.stream.core.Checked;
import dev.kritik.stream.core.CritiqueCheck;
import dev.kritik.stream.core.RolloutCheck;
import dev.kritik.stream.core.Rules;

/** Reads records from outside, whatever their bytes are. */
final class Intake {

    private final AvroDeserializer<Rollout> rollouts;
    private final AvroDeserializer<Critique> critiques;
    private final RolloutCheck check;

    Intake(SchemaRegistry registry, Rules rules) {
        this.rollouts = new AvroDeserializer<>(registry, Rollout.class);
        this.critiques = new AvroDeserializer<>(registry, Critique.class);
        this.check = new RolloutCheck(rules);
    }

    /** A record that was read: what it means, and the rollout if it is one. */
    record Read(Checked checked, Rollout rollout) {

        private static Read unusable(String reason, String detail) {
            return new Read(new Checked.Unusable(reason, detail), null);
        }
    }

    /**
     * Reads a rollout.
     *
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if this can't be told now: try again later
     */
    Read rollout(Source source) {
        return read(source, key -> {
            Rollout rollout = rollouts.deserialize(source.topic(), source.value());
            return new Read(check.check(key, rollout), rollout);
        });
    }

    /**
     * Reads a critique.
     *
     * @throws dev.kritik.schema.registry.RegistryUnavailableException if this can't be told now: try again later
     */
    Read critique(Source source) {
        return read(source, key -> {
            Critique critique = critiques.deserialize(source.topic(), source.value());
            return new Read(CritiqueCheck.check(key, critique), null);
        });
    }

    private interface Reader {
        Read read(String key);
    }

    private static Read read(Source source, Reader reader) {
        if (source.key() == null) {
            return Read.unusable("NULL_KEY", "the record has no key; it must be job_id/group_id");
        }
        try {
            String key = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source.key()))
                    .toString();
            return reader.read(key);
        } catch (CharacterCodingException e) {
            return Read.unusable("KEY_NOT_UTF8", "the record's key is not job_id/group_id in UTF-8");
        } catch (UndecodableException e) {
            return Read.unusable(e.code().name(), e.getMessage());
        }
    }
}
