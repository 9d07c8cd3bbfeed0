/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Remembers what a registry answered: values for ever (an id never changes its meaning), refusals for a while, failures
 * not at all. Threads that miss the same key at the same time ask once and share the answer.
 */
final class AnswerCache<K, V> {

    /** Refusals kept at most: a flood of made-up ids must not fill the memory. */
    private static final int MOST_REFUSALS = 10_000;

    private record Refusal(KafkaException reason, long atNanos) {}

    private final Function<K, V> ask;
    private final Duration keepRefusals;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<K, V> values = new ConcurrentHashMap<>();
    private final ConcurrentMap<K, CompletableFuture<V>> asking = new ConcurrentHashMap<>();
    private final Map<K, Refusal> refusals = new LinkedHashMap<>();

    AnswerCache(Function<K, V> ask, Duration keepRefusals, LongSupplier nanoClock) {
        this.ask = ask;
        this.keepRefusals = keepRefusals;
        this.nanoClock = nanoClock;
    }

    V get(K key) {
        V known = known(key);
        if (known != null) {
            return known;
        }
        var mine = new CompletableFuture<V>();
        CompletableFuture<V> running = asking.putIfAbsent(key, mine);
        if (running != null) {
            return join(running);
        }
        try {
            // Another thread may have finished between our first look and our turn.
            V late = known(key);
            V value = late != null ? late : load(key);
            mine.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            asking.remove(key, mine);
        }
    }

    private V load(K key) {
        try {
            V value = ask.apply(key);
            values.put(key, value);
            return value;
        } catch (UnknownSchemaException | SchemaRefusedException e) {
            refuse(key, e);
            throw e;
        }
    }

    /** The remembered value, or null; throws a remembered refusal. */
    private V known(K key) {
        V value = values.get(key);
        if (value == null) {
            throwIfRefused(key);
        }
        return value;
    }

    private V join(CompletableFuture<V> running) {
        try {
            return running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while waiting for the schema registry", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("another thread failed to ask the schema registry", e.getCause());
        }
    }

    private void throwIfRefused(K key) {
        synchronized (refusals) {
            Refusal refusal = refusals.get(key);
            if (refusal == null) {
                return;
            }
            if (nanoClock.getAsLong() - refusal.atNanos() < keepRefusals.toNanos()) {
                throw refusal.reason();
            }
            refusals.remove(key);
        }
    }

    private void refuse(K key, KafkaException reason) {
        synchronized (refusals) {
            refusals.put(key, new Refusal(reason, nanoClock.getAsLong()));
            if (refusals.size() > MOST_REFUSALS) {
                refusals.remove(refusals.keySet().iterator().next());
            }
        }
    }
}
