package dev.microgpt.cli.jvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The standard error of a second JVM on its way to that of this one, byte for byte and without delay.
 *
 * <p>What comes before {@code main} is kept until then: it shows why a JVM did not start, and has a warning about the
 * Vector API, the only line that is dropped.
 */
final class SecondJvmErrors {
    /** What the second JVM writes first of all when it reaches {@code main}; no JVM writes this by itself. */
    static final int MAIN_REACHED = 0x06; // "acknowledge" in ASCII

    private static final int END = -1;
    private static final int BUFFER = 1 << 13;

    // ^ and $ mind line feeds only: in single bytes, other ends of lines may be parts of a character
    private static final Pattern WARNING =
            Pattern.compile("(?dm)^WARNING: Using incubator modules: jdk\\.incubator\\.vector\\r?\\n");

    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream startup = new ByteArrayOutputStream();

    SecondJvmErrors(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Copies until the second JVM ends, and returns whether it reached {@code main}. */
    boolean copy() {
        int next = read();
        while (next != MAIN_REACHED && next != END) {
            startup.write(next);
            next = read();
        }
        if (next == END) {
            return false;
        }
        String talk = WARNING.matcher(startup()).replaceFirst("");
        write(talk.getBytes(StandardCharsets.ISO_8859_1), talk.length());
        copyRest();
        return true;
    }

    /** Returns what came before {@code main}, one character for each byte. */
    String startup() {
        return startup.toString(StandardCharsets.ISO_8859_1);
    }

    private void copyRest() {
        byte[] buffer = new byte[BUFFER];
        int length = read(buffer);
        while (length != END) {
            write(buffer, length);
            length = read(buffer);
        }
    }

    private int read() {
        byte[] one = new byte[1];
        return read(one) == END ? END : one[0] & 0xFF;
    }

    private int read(byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException ended) {
            return END;
        }
    }

    private void write(byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException nobodyListens) {
            // reading goes on, or the second JVM would wait for it
        }
    }
}
