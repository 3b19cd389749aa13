package dev.microgpt.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecondJvmErrorsTest {
    private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";
    private static final String MAIN = Character.toString(SecondJvmErrors.MAIN_REACHED);

    @Test
    void theWarningIsDropped() {
        assertEquals("talk\n", passedOn(WARNING + "\n" + MAIN + "talk\n"));
        assertEquals("talk\r\n", passedOn(WARNING + "\r\n" + MAIN + "talk\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WARNING + "s\n",
                WARNING + ", jdk.incubator.foreign\n",
                "NOTE " + WARNING + "\n",
                WARNING,
                "WARNING: Using incubator",
                "OpenJDK 64-Bit Server VM warning: something else\n"
            })
    void anythingElseIsPassedOn(String line) {
        assertEquals(line, passedOn(line + MAIN));
        assertEquals("before\n" + line + "after", passedOn("before\n" + WARNING + "\n" + line + MAIN + "after"));
    }

    @Test
    void fromMainOnNothingIsDropped() {
        assertEquals(WARNING + "\n" + MAIN, passedOn(MAIN + WARNING + "\n" + MAIN));
    }

    @Test
    void everyByteIsPassedOn() {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            bytes.append((char) (i * 31 & 0xFF));
        }
        assertEquals(bytes.toString(), passedOn(MAIN + bytes));
        assertEquals("\u0085" + WARNING + "\n", passedOn("\u0085" + WARNING + "\n" + MAIN));
    }

    /** A line that is rewritten in place never ends, and may begin like the warning. */
    @ParameterizedTest
    @ValueSource(strings = {"loss", "WARNING: Using incubator", "\r\u001B[?7lstep 7 / 9\u001B[K\u001B[?7h\rstep 8 / 9"})
    void aPartOfALineDoesNotWaitForTheRest(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = (MAIN + line).getBytes(StandardCharsets.ISO_8859_1);
        InputStream slow = new InputStream() {
            private int next;

            @Override
            public int read() {
                assertEquals(Math.max(0, next - 1), out.size(), "bytes that arrived before the next one is there");
                return next < bytes.length ? bytes[next++] : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int one = read();
                if (one >= 0) {
                    buffer[offset] = (byte) one;
                }
                return one < 0 ? -1 : 1;
            }
        };
        assertTrue(new SecondJvmErrors(slow, out).copy());
        assertEquals(line, out.toString(StandardCharsets.ISO_8859_1));
    }

    @Test
    void whyAJvmDidNotStartIsKeptBack() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SecondJvmErrors errors = new SecondJvmErrors(stream("Could not reserve enough space\n"), out);
        assertFalse(errors.copy());
        assertEquals("", out.toString(StandardCharsets.ISO_8859_1));
        assertEquals("Could not reserve enough space\n", errors.startup());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Error: Port already in use: 9010\\nmore | : Error: Port already in use: 9010",
                "WARNING: Using incubator modules\\nModule x not found | : Module x not found",
                "Server VM warning: INFO: commit failed\\n#\\n# There is too little memory\\n | : There is too little memory",
                "[0.003s][warning][cds] stale\\n | : [0.003s][warning][cds] stale",
                "'' | ''"
            })
    void theReasonIsTheFirstLineThatIsNoWarning(String written, String reason) {
        SecondJvmErrors errors =
                new SecondJvmErrors(stream(written.replace("\\n", "\n")), OutputStream.nullOutputStream());
        assertFalse(errors.copy());
        assertEquals(reason, errors.reason());
    }

    @Test
    void whenNobodyListensItIsReadAllTheSame() throws IOException {
        InputStream in = stream(MAIN + "talk");
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertTrue(new SecondJvmErrors(in, closed).copy());
        assertEquals(-1, in.read());
    }

    private static String passedOn(String written) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(new SecondJvmErrors(stream(written), out).copy(), "main is reached");
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static InputStream stream(String written) {
        return new ByteArrayInputStream(written.getBytes(StandardCharsets.ISO_8859_1));
    }
}
