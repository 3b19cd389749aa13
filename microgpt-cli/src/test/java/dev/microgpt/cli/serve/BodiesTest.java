package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final int LARGEST = 10 * Bodies.FREE;

    private final Bodies bodies = new Bodies(LARGEST, LARGEST);

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    /** Sends some bytes and then no more, as a client that stays. */
    private static InputStream broken(int count) {
        return new SequenceInputStream(bytes(count), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("too slow");
            }
        });
    }

    private Bodies.Body holding(int count) {
        Bodies.Body body = bodies.open();
        assertThrows(IOException.class, () -> body.read(broken(count), LARGEST));
        return body;
    }

    private static int statusOf(Bodies.Body body, int count) {
        return assertThrows(ApiError.class, () -> body.read(bytes(count), -1)).status();
    }

    @Test
    void aBodyIsReadUpToTheLargest() throws IOException {
        byte[] content = new byte[LARGEST];
        content[LARGEST - 1] = 7;
        assertArrayEquals(content, bodies.open().read(new ByteArrayInputStream(content), -1));
        try (Bodies.Body body = new Bodies(LARGEST, 1).open()) { // one alone may have it all
            assertEquals(LARGEST, body.read(bytes(LARGEST), LARGEST).length);
        }
        assertEquals(413, statusOf(new Bodies(LARGEST, LARGEST).open(), LARGEST + 1));
        Bodies.Body declared = new Bodies(LARGEST, LARGEST).open();
        ApiError large = assertThrows(ApiError.class, () -> declared.read(bytes(0), LARGEST + 1L));
        assertEquals(413, large.status());
    }

    @Test
    void halfBodiesTakeNoMoreThanTheirPart() throws IOException {
        List<Bodies.Body> halves = new ArrayList<>(List.of(holding(6 * Bodies.FREE), holding(6 * Bodies.FREE)));
        assertEquals(429, statusOf(bodies.open(), 2 * Bodies.FREE));
        assertEquals(Bodies.FREE, bodies.open().read(bytes(Bodies.FREE), -1).length, "a small body is always read");
        halves.get(0).close();
        assertEquals(2 * Bodies.FREE, bodies.open().read(bytes(2 * Bodies.FREE), -1).length);
    }

    @Test
    void aBodyShorterThanItsHeadSaysIsNoBody() {
        assertThrows(EOFException.class, () -> bodies.open().read(bytes(2), 100));
    }

    @Test
    void malformedChunksAreTheClients() {
        InputStream jdk = new InputStream() {
            @Override
            public int read() {
                throw new IndexOutOfBoundsException("a chunk of a negative length");
            }
        };
        ApiError malformed = assertThrows(ApiError.class, () -> bodies.open().read(jdk, -1));
        assertEquals(400, malformed.status());
    }
}
