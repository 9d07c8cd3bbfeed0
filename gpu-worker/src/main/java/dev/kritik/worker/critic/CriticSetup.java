/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import java.time.InstantSource;
import java.util.Optional;

import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.PromptVersion;

/** What all samples share. */
record CriticSetup(
        CriticConfig config,
        Judge judge,
        Optional<MetaRm> meta,
        PromptVersion prompt,
        CriticMeters meters,
        InstantSource clock,
        Pause pause) {}
