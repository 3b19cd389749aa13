package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of up to 2²⁶ characters are read; a longer one is refused before the rest of the data is read. */
@Tag("slow")
class LargeRecordTest {
    private static final int LIMIT = 1 << 26;

    /** A beginning, the same few bytes again and again, and an end. */
    private static final class Repeated extends InputStream {
        private final byte[] beginning;
        private final byte[] middle;
        private final long times;
        private final byte[] end;
        private long count;

        Repeated(String beginning, String middle, long times, String end) {
            this.beginning = beginning.getBytes(StandardCharsets.UTF_8);
            this.middle = middle.getBytes(StandardCharsets.UTF_8);
            this.times = times;
            this.end = end.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() {
            long at = count++ - beginning.length;
            if (at < 0) {
                return beginning[(int) count - 1];
            }
            if (at < times * middle.length) {
                return middle[(int) (at % middle.length)];
            }
            long behind = at - times * middle.length;
            return behind < end.length ? end[(int) behind] : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            for (int i = 0; i < length; i++) {
                int next = read();
                if (next < 0) {
                    return i == 0 ? -1 : i;
                }
                buffer[from + i] = (byte) next;
            }
            return length;
        }
    }

    @Test
    void recordsBelowTheLimitAreRead() throws IOException {
        int times = LIMIT / 16 - 2;
        assertRead("{\"text\":\"b\"}\n{\"text\":\"", times, "\"}");
        assertRead("text\nb\n\"", times, "\"\n");
    }

    private static void assertRead(String beginning, int times, String end) throws IOException {
        TextSource source = TextSource.of(new Repeated(beginning, "0123456789abcdef", times, end), "-");
        Documents documents = Documents.read(source, RecordFormat.field("text"));
        assertEquals("b", documents.texts().get(0));
        assertEquals(16 * times, documents.texts().get(1).length());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"text\":\"b\"}|{\"text\":\"', a, 2",
        "'{\"text\":\"b\"}|{\"n\":1,\"', a, 2",
        "'text,n|b,1|c,2', ',2', 3"
    })
    void aLongerRecordIsRefusedBeforeTheRestIsRead(String beginning, String middle, int line) {
        Repeated in = new Repeated(beginning.replace('|', '\n'), middle.replace('|', '\n'), 1L << 50, "");
        TextSource source = TextSource.of(in, "-");
        String message = assertThrows(DataException.class, () -> Documents.read(source, RecordFormat.field("text")))
                .getMessage();
        assertTrue(message.startsWith("data -:" + line + ": ") && message.contains(" " + LIMIT + " char"), message);
        assertTrue(in.count < LIMIT + (1 << 20), in.count + " bytes read");
    }
}
