package dev.microgpt.model.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CodePointKindTest {
    /** The last JDK with the tables of Unicode 16 or older. */
    private static final int LAST_KNOWN_JDK = 25;

    @Test
    void whatTheJdkKnowsTooHasTheKindThatItHasThere() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            boolean newer = Runtime.version().feature() > LAST_KNOWN_JDK && CodePointKind.of(c) == CodePointKind.OTHER;
            if (Character.isDefined(c) && !newer) {
                assertEquals(JdkKind.of(c), CodePointKind.of(c), Integer.toHexString(c));
            }
        }
    }

    @Test
    void charactersYoungerThanUnicode13AreKnownOnEveryJdk() {
        assertEquals(CodePointKind.LETTER, CodePointKind.of(0x1E290)); // Toto, Unicode 14
        assertEquals(CodePointKind.LETTER, CodePointKind.of(0x31350)); // an ideograph, Unicode 15
        assertEquals(CodePointKind.NUMBER, CodePointKind.of(0x1E4F0)); // Nag Mundari zero, Unicode 15
        assertEquals(CodePointKind.LETTER, CodePointKind.of(0x105C0)); // Todhri, Unicode 16
        assertEquals(CodePointKind.NUMBER, CodePointKind.of(0x10D40)); // Garay zero, Unicode 16
    }

    @Test
    void spacesAreThoseOfUnicodeRatherThanOfJava() {
        Pattern whiteSpace = Pattern.compile("\\p{IsWhite_Space}");
        for (int c = 0; c < Character.MIN_SURROGATE; c++) {
            boolean space = whiteSpace.matcher(Character.toString(c)).matches();
            assertEquals(space, CodePointKind.of(c) == CodePointKind.SPACE, Integer.toHexString(c));
        }
        assertEquals(CodePointKind.SPACE, CodePointKind.of('\u00a0'));
        assertFalse(Character.isWhitespace('\u00a0'));
    }

    @Test
    void codePointsBeyondTheTableAreOther() {
        assertEquals(CodePointKind.LETTER, CodePointKind.of(0x323AF));
        assertEquals(CodePointKind.OTHER, CodePointKind.of(0x323B0));
        assertEquals(CodePointKind.OTHER, CodePointKind.of(Character.MAX_CODE_POINT));
    }
}
