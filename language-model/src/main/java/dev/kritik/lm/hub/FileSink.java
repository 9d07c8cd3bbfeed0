/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongConsumer;

import dev.kritik.lm.hub.HubException.Reason;

/**
 * Writes an answer's body to a file, from some position on. Bytes count as they reach the file, so that whoever waits sees
 * whether any still come. Once {@link #close closed}, nothing is written any more, whatever still arrives. What fails here
 * is a {@link HubException}, what fails on the way an IOException.
 */
final class FileSink implements BodySubscriber<Long>, AutoCloseable {

    private final CompletableFuture<Long> whole = new CompletableFuture<>();
    private final FileChannel channel;
    private final long limit;
    private final LongConsumer written;
    private volatile long position;
    private Subscription subscription;
    private boolean closed;

    /**
     * @param position where to begin; what the file holds from there on is cut off
     * @param limit most bytes that the file may have; what goes beyond is an error
     * @param written told the position after each write
     */
    FileSink(Path file, long position, long limit, LongConsumer written) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(position);
        channel.position(position);
        this.position = position;
        this.limit = limit;
        this.written = written;
    }

    long position() {
        return position;
    }

    @Override
    public CompletionStage<Long> getBody() {
        return whole;
    }

    @Override
    public synchronized void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (closed) {
            subscription.cancel();
            return;
        }
        try {
            long end = position;
            for (ByteBuffer buffer : buffers) {
                end += buffer.remaining();
                if (end > limit) {
                    throw new HubException(Reason.BROKEN, "more bytes come than were announced (" + limit + ")");
                }
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            position = end;
            written.accept(end);
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            onError(new HubException(Reason.CACHE, "a file can't be written: " + e.getMessage(), e));
        } catch (HubException e) {
            subscription.cancel();
            onError(e);
        }
    }

    @Override
    public void onError(Throwable error) {
        close();
        whole.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        close();
        whole.complete(position);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                channel.close();
            } catch (IOException e) {
                whole.completeExceptionally(e);
            }
        }
    }
}
