package dev.microgpt.cli.serve;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bodies of requests in memory. Together they may have only part of it, or clients that send half a body and stay
 * would use it up; a small body is always read.
 */
final class Bodies {
    /** What each request may send whatever the others hold, in bytes. */
    static final int FREE = 1 << 14;

    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;

    private final int largest;
    private final long most;
    private long held;

    /**
     * Creates an account.
     *
     * @param largest the largest body, in bytes
     * @param most    what all bodies may have together beyond {@link #FREE}, in bytes; a single one may have more
     */
    Bodies(int largest, long most) {
        this.largest = largest;
        this.most = most;
    }

    /** A body and what it holds, until it is closed. */
    final class Body implements AutoCloseable {
        private long reserved;

        /**
         * Reads the body.
         *
         * @param in       its bytes
         * @param declared the length that its head states, or −1
         * @throws ApiError    if it is larger than allowed, has broken chunks, or others hold the memory
         * @throws IOException if the client is gone, or took too long
         */
        byte[] read(InputStream in, long declared) throws IOException {
            if (declared > largest) {
                throw tooLarge("has " + declared + " bytes");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] piece = new byte[FREE];
            for (int length = next(in, piece); length >= 0; length = next(in, piece)) {
                if (length > largest - bytes.size()) {
                    throw tooLarge("is larger");
                }
                if (bytes.size() + length > FREE) {
                    reserve(length);
                }
                bytes.write(piece, 0, length);
            }
            if (bytes.size() < declared) { // the JDK takes the end of a connection for that of a body
                throw new EOFException("the body ends after " + bytes.size() + " bytes of " + declared);
            }
            return bytes.toByteArray();
        }

        private void reserve(int bytes) {
            synchronized (Bodies.this) {
                boolean isAlone = held == reserved;
                if (!isAlone && held + bytes > most) {
                    throw ApiError.tooMany("the bodies of other requests take the memory that there is for them; send"
                            + " the request again later");
                }
                held += bytes;
                reserved += bytes;
            }
        }

        @Override
        public void close() {
            synchronized (Bodies.this) {
                held -= reserved;
                reserved = 0;
            }
        }
    }

    Body open() {
        return new Body();
    }

    private static int next(InputStream in, byte[] piece) throws IOException {
        try {
            return in.read(piece);
        } catch (RuntimeException malformed) { // the JDK takes the length of a chunk for an int
            throw ApiError.ofRequest(BAD_REQUEST, "the chunks of the body are malformed", "invalid_body");
        }
    }

    private ApiError tooLarge(String what) {
        return ApiError.ofRequest(
                TOO_LARGE,
                "the body may have at most " + largest + " bytes, but " + what
                        + "; send less, or start the server with a larger --max-body",
                "body_too_large");
    }
}
