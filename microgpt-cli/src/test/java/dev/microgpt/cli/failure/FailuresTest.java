package dev.microgpt.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void wrongContentThatIsFoundLateIsStillWrongContent() {
        DataException content = new DataException("data train.bin: the id 70");
        assertReported(ExitCode.CONTENT, "microgpt: data train.bin: the id 70\n", new UncheckedIOException(content));
    }

    @Test
    void whatCannotBeWrittenIsAFailureOfOutput() {
        IOException full = new IOException("No space left on device");
        assertReported(
                ExitCode.IO,
                "microgpt: standard output: No space left on device\n",
                new UncheckedIOException("standard output: No space left on device", full));
    }

    private static void assertReported(int exitCode, String message, Throwable failure) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new ByteArrayOutputStream(), err);
        assertEquals(exitCode, Failures.report(terminal, failure, false));
        assertEquals(message, err.toString(StandardCharsets.UTF_8));
    }
}
