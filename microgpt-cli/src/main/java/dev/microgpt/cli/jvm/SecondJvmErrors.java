package dev.microgpt.cli.jvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Copies the standard error of a second JVM to that of this one, byte for byte and without delay.
 *
 * <p>Output before {@code main} is held until {@code main} is reached: it shows why a JVM did not start. Only its
 * warning about the Vector API is dropped.
 */
final class SecondJvmErrors {
    /** The first byte that {@code main} of the second JVM writes; a JVM itself never writes it. */
    static final int MAIN_REACHED = 0x06; // "acknowledge" in ASCII

    private static final int END = -1;
    private static final int BUFFER = 1 << 13;

    // ^ matches after line feeds only: other line ends may be bytes of a multi-byte character
    private static final Pattern WARNING =
            Pattern.compile("(?dm)^WARNING: Using incubator modules: jdk\\.incubator\\.vector\\r?\\n");

    /** What a JVM may write before the reason. */
    private static final Pattern NO_REASON = Pattern.compile("(?i)warning|^Error occurred during initialization");

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
        String messages = WARNING.matcher(startup()).replaceFirst("");
        write(messages.getBytes(StandardCharsets.ISO_8859_1), messages.length());
        copyRest();
        return true;
    }

    /** Returns the output before {@code main}, one character per byte. */
    String startup() {
        return startup.toString(StandardCharsets.ISO_8859_1);
    }

    /** Returns ": " and the line before {@code main} that says why the JVM did not start; empty if there is none. */
    String reason() {
        Charset charset = Charset.forName(System.getProperty("native.encoding"));
        String first = "";
        for (String line : startup.toString(charset).lines().toList()) {
            String text = line.replaceFirst("^[#\\s]+", ""); // a crash is reported in lines that begin with #
            if (!text.isEmpty() && !NO_REASON.matcher(text).find()) {
                return ": " + text;
            }
            first = first.isEmpty() && !text.isEmpty() ? ": " + text : first;
        }
        return first;
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
        } catch (IOException ignored) {
            // reading must continue, or the second JVM would block
        }
    }
}
