/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one process, and one thread in it, download a model at a time; the others wait, and then find it. On file systems
 * without locks it is none, and two at once waste traffic: what ends up in the cache is checked in any case.
 */
final class HubLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HubLock.class);

    /** Locks of files are the process's, not a thread's: two threads need one of their own. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel file;

    private HubLock(ReentrantLock threads, FileChannel file) {
        this.threads = threads;
        this.file = file;
    }

    /** @throws HubException when the thread is interrupted while it waits */
    static HubLock take(HubSettings settings, ModelName model) throws IOException {
        Path path = settings.cache().resolve(".locks").resolve(model.folder()).resolve("kritik.lock");
        ReentrantLock threads = THREADS.computeIfAbsent(path.normalize(), any -> new ReentrantLock());
        HubLock lock = null;
        try {
            threads.lockInterruptibly();
            Files.createDirectories(path.getParent());
            lock = new HubLock(threads, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            lock(lock.file, model);
            return lock;
        } catch (InterruptedException e) {
            release(threads, lock);
            throw Retries.interrupted("model " + model, e);
        } catch (IOException | RuntimeException e) {
            release(threads, lock);
            throw e;
        }
    }

    private static void release(ReentrantLock threads, HubLock lock) throws IOException {
        if (lock != null) {
            lock.close();
        } else if (threads.isHeldByCurrentThread()) {
            threads.unlock();
        }
    }

    private static void lock(FileChannel file, ModelName model) throws InterruptedException {
        try {
            if (file.tryLock() == null) {
                LOG.atInfo().addKeyValue("model", model).log("Another process downloads the model; waiting for it");
                file.lock();
            }
        } catch (FileLockInterruptionException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("model", model).setCause(e).log("The cache can't be locked; going on without");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            threads.unlock();
        }
    }
}
