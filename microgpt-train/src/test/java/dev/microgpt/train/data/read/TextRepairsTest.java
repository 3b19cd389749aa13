package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextRepairsTest {
    @Test
    void saysWhatWasSetRight() {
        assertEquals("", TextRepairs.NONE.description());
        assertEquals("dropped a byte order mark", new TextRepairs(0, 1, 0).description());
        assertEquals(
                "read 1 line that ends in CR or CRLF as if in LF, skipped 1 blank line",
                new TextRepairs(1, 0, 1).description());
        assertEquals(
                "read 3 lines that end in CR or CRLF as if in LF, dropped 2 byte order marks, skipped 4 blank lines",
                new TextRepairs(3, 2, 4).description());
    }
}
