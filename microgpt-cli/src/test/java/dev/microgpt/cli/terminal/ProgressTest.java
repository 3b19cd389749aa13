package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private static final Locale BEFORE = Locale.getDefault();

    private static final Progress PROGRESS = new Progress(100, 2000, 2.43119, Double.NaN, 1e-3, 8123.4, 199);
    private static final double[] CURVE = {4, 3.5, 3, 2.5, 2.3, 2.2, 2.1, 2.05, 2, 2};

    private static final Progress VALIDATED = new Progress(100, 2000, 2.43119, 1.88124, 1e-3, 8123.4, 199);

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(BEFORE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab", "tr-TR"})
    void aPlainLineSaysAllInEveryLocale(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        assertEquals(
                "step 100 / 2000 | mean training loss 2.4312 | lr 1.00e-3 | 8,123 tokens/s | 3 min 20 s left",
                PROGRESS.plain());
        assertEquals(
                "step  100 / 2000 |   5% | mean loss 2.4312 | lr 1.00e-3 | 8,123 tokens/s | 3 min 20 s left",
                PROGRESS.fitted(100, false, CURVE, false));
    }

    @Test
    void theLastStepTellsHowLongItTook() {
        assertEquals(
                "step 2000 / 2000 | mean training loss 2.4312 | lr 0.00e0 | 3.4 tokens/s | took 1 h 5 min",
                new Progress(2000, 2000, 2.43119, 1.5, 0, 3.41, 3900).plain());
    }

    @ParameterizedTest
    @CsvSource({
        "0, ''",
        "1, ''",
        "2, ''",
        "3, 5%",
        "10, 5%",
        "11, 100 / 2000",
        "16, 100 / 2000",
        "17, step  100 / 2000",
        "20, step  100 / 2000",
        "35, step  100 / 2000",
        "36, step  100 / 2000 | mean loss 2.4312",
        "40, step  100 / 2000 | mean loss 2.4312",
        "43, step  100 / 2000 |   5% | mean loss 2.4312",
        "61, step  100 / 2000 |   5% | mean loss 2.4312 | 3 min 20 s left",
        "80, step  100 / 2000 |   5% | mean loss 2.4312 | val loss 1.8812 | 3 min 20 s left",
        "98, 'step  100 / 2000 |   5% | mean loss 2.4312 | val loss 1.8812 | 8,123 tokens/s | 3 min 20 s left'",
        "109, 'step  100 / 2000 |   5% | mean loss 2.4312 | val loss 1.8812 | lr 1.00e-3 | 8,123 tokens/s | 3 min 20 s left'",
        "123, 'step  100 / 2000 | [           ]   5% | mean loss 2.4312 | val loss 1.8812 | lr 1.00e-3 | 8,123 tokens/s"
                + " | 3 min 20 s left'",
        "140, 'step  100 / 2000 | [            ]   5% | mean loss 2.4312 #+=:..____ | val loss 1.8812 | lr 1.00e-3"
                + " | 8,123 tokens/s | 3 min 20 s left'",
        "200, 'step  100 / 2000 | [=                           ]   5% | mean loss 2.4312 #+=:..____ | val loss 1.8812 | lr 1.00e-3"
                + " | 8,123 tokens/s | 3 min 20 s left'"
    })
    void theLeastImportantPartsGoFirst(int columns, String expected) {
        assertEquals(expected, VALIDATED.fitted(columns, false, CURVE, false));
    }

    @Test
    void theLastColumnStaysFreeAtEveryWidth() {
        for (int columns = 1; columns <= 250; columns++) {
            assertTrue(VALIDATED.fitted(columns, false, CURVE, false).length() < columns, "at " + columns);
        }
    }

    @Test
    void theBarIsFullAtTheEndOnly() {
        assertTrue(new Progress(2000, 2000, 2, 2, 1e-3, 1, 1)
                .fitted(200, false, CURVE, false)
                .contains("[" + "=".repeat(28) + "] 100%"));
        assertTrue(new Progress(1999, 2000, 2, 2, 1e-3, 1, 1)
                .fitted(200, false, CURVE, false)
                .contains("[" + "=".repeat(27) + " ]  99%"));
        assertTrue(new Progress(1, 1_000_000_000, 2, 2, 1e-3, 1, 1)
                .fitted(200, false, CURVE, false)
                .contains("[" + " ".repeat(28) + "]   0%"));
    }

    @Test
    void coloursDimOnlyWhatIsSecondaryAndTakeNoRoom() {
        String colourful = PROGRESS.fitted(100, true, CURVE, false);
        assertEquals(
                "step  100 / 2000 |   5% | mean loss 2.4312\u001B[2m | lr 1.00e-3\u001B[22m\u001B[2m | 8,123 tokens/s\u001B[22m"
                        + " | 3 min 20 s left",
                colourful);
        for (int columns = 1; columns <= 250; columns++) {
            assertEquals(
                    VALIDATED.fitted(columns, false, CURVE, false),
                    VALIDATED.fitted(columns, true, CURVE, false).replaceAll("\u001B\\[[0-9]+m", ""),
                    "at " + columns);
        }
    }

    @Test
    void withoutColoursThereIsNoControlCharacter() {
        assertFalse(VALIDATED.fitted(200, false, CURVE, false).chars().anyMatch(Character::isISOControl));
    }

    @Test
    void numbersThatAreNoneDoNoHarm() {
        Progress diverged = new Progress(7, 9, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1e300, 1.5e9, 1e12);
        assertEquals(
                "step 7 / 9 | mean training loss Infinity | lr 1.00e300 | 1,500,000,000 tokens/s | 11574074 d 2 h left",
                diverged.plain());
        assertEquals("step 7 / 9 |  77% | mean loss Infinity", diverged.fitted(49, false, CURVE, false));
    }
}
