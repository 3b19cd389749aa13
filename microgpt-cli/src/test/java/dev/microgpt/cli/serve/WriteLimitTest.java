package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteLimitTest {
    @Test
    void aWriteToAClientThatDoesNotReadEnds() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try (WriteLimit limit = new WriteLimit(Duration.ofMillis(90));
                    ServerSocketChannel server = ServerSocketChannel.open()
                            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                ByteBuffer piece = ByteBuffer.allocate(1 << 20);
                assertThrows(ClosedByInterruptException.class, () -> {
                    while (true) {
                        piece.clear();
                        limit.guard(() -> client.write(piece));
                    }
                });
                assertFalse(Thread.interrupted(), "the next request of this thread would be interrupted");
            }
        });
    }

    @Test
    void manyShortWritesAreNoLongOne() throws Exception {
        try (WriteLimit limit = new WriteLimit(Duration.ofMillis(120))) {
            int[] written = new int[1];
            for (int i = 0; i < 20; i++) {
                limit.guard(() -> {
                    sleep(10);
                    written[0]++;
                });
            }
            assertEquals(20, written[0]);
        }
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException tooLong) {
            throw new IOException(tooLong);
        }
    }
}
