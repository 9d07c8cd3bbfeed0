/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class TcpProxyTest {

    private static final int SHORT_MS = 150;
    private static final int PATIENCE_MS = 10_000;

    private ServerSocket echo;
    private TcpProxy proxy;

    /** Sends back what it is sent, up to the orderly end. */
    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, Ports.LOOPBACK);
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket one = echo.accept();
                    Thread.ofVirtual().start(() -> sendBack(one));
                } catch (IOException e) {
                    return;
                }
            }
        });
        proxy = TcpProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private static void sendBack(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The other side was reset: what some tests are about.
        }
    }

    @Test
    void anOpenOnePassesOnWhatIsSentAndTheOrderlyEnd() throws Exception {
        try (Socket client = connect()) {
            // When
            byte[] much = "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8);
            Future<byte[]> received = inBackground(() -> client.getInputStream().readAllBytes());
            client.getOutputStream().write(much);
            client.shutdownOutput();

            // Then
            assertThat(received.get(PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo(much);
        }
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void aCutOneResetsConnectionsAndNewOnesUntilItIsOpened() throws Exception {
        try (Socket client = connect()) {
            say(client, "a");
            assertThat(hear(client, 1)).isEqualTo("a");

            // When
            proxy.cut();

            // Then
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> {
                        try (Socket late = connect()) {
                            say(late, "b");
                            hear(late, 1);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }

        // When
        proxy.open();

        // Then
        assertEchoes();
    }

    @Test
    void aHangingOneKeepsConnectionsAndBytesUntilItIsOpened() throws Exception {
        try (Socket before = connect()) {
            say(before, "a");
            assertThat(hear(before, 1)).isEqualTo("a");

            // When
            proxy.hang();
            say(before, "held");
            try (Socket during = connect()) {
                say(during, "new");

                // Then
                assertSilent(before);
                assertSilent(during);

                // When
                proxy.open();

                // Then
                assertThat(hear(before, 4)).isEqualTo("held");
                assertThat(hear(during, 3)).isEqualTo("new");
            }
        }
    }

    @Test
    void whoeverHangsUpWhileItHangsIsMissedOnlyWhenItIsOpened() throws Exception {
        // Given
        Socket client = connect();
        say(client, "a");
        assertThat(hear(client, 1)).isEqualTo("a");

        // When
        proxy.hang();
        client.close();

        // Then
        await().during(Duration.ofMillis(SHORT_MS))
                .untilAsserted(() -> assertThat(proxy.connections()).isEqualTo(1));
        proxy.open();
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void aHangingOneTakesNoMoreThanBuffersHold() throws Exception {
        // Given
        proxy.hang();
        try (Socket client = connect()) {
            AtomicLong sent = new AtomicLong();
            Future<?> sender = inBackground(() -> {
                byte[] chunk = new byte[64 * 1024];
                while (true) {
                    client.getOutputStream().write(chunk);
                    sent.addAndGet(chunk.length);
                }
            });

            // When: the sender stands still
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                long before = sent.get();
                Thread.sleep(SHORT_MS);
                return before > 0 && sent.get() == before;
            });

            // Then: in the system's buffers, not in ours
            assertThat(sent.get()).isLessThan(64L * 1024 * 1024);
            assertThat(sender.isDone()).isFalse();
        }
    }

    @Test
    void whatAHangingOneHeldBackIsLostWhenItIsCut() throws Exception {
        try (Socket client = connect()) {
            proxy.hang();
            say(client, "held");

            // When
            proxy.cut();

            // Then
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void aSlowOneHoldsEachChunkBackInBothDirections() throws Exception {
        // Given
        proxy.delay(Duration.ofMillis(SHORT_MS));
        try (Socket client = connect()) {
            // When
            long begin = System.nanoTime();
            say(client, "a");
            String answer = hear(client, 1);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

            // Then
            assertThat(answer).isEqualTo("a");
            assertThat(took).isGreaterThanOrEqualTo(2 * SHORT_MS);
        }
        assertThatThrownBy(() -> proxy.delay(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutATargetConnectionsAreResetAndItIsThereWhenTheTargetIs() throws Exception {
        // Given
        int port = Ports.choose("test", 0);
        try (TcpProxy early = TcpProxy.to(port);
                Socket client = new Socket(Ports.LOOPBACK, early.port())) {
            client.setSoTimeout(PATIENCE_MS);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);

            // When
            try (ServerSocket target = new ServerSocket(port, 1, Ports.LOOPBACK);
                    Socket next = new Socket(Ports.LOOPBACK, early.port());
                    Socket arrived = target.accept()) {
                say(next, "a");

                // Then
                assertThat(arrived.getInputStream().read()).isEqualTo('a');
            }
        }
    }

    @Test
    void aClosedOneLeavesNothingOpen() throws Exception {
        try (Socket client = connect()) {
            proxy.hang();

            // When
            proxy.close();
            proxy.close();

            // Then
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        }
    }

    private void assertEchoes() throws IOException {
        try (Socket client = connect()) {
            say(client, "again");
            assertThat(hear(client, 5)).isEqualTo("again");
        }
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SHORT_MS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MS);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(Ports.LOOPBACK, proxy.port());
        client.setSoTimeout(PATIENCE_MS);
        return client;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hear(Socket socket, int length) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static <T> Future<T> inBackground(java.util.concurrent.Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
