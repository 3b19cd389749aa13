package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private static final List<String> DOCUMENTS = List.of("anna", "a document\nof two lines", "x".repeat(50));

    private static String said(Copies copies) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        copies.say(new Terminal(OutputStream.nullOutputStream(), err));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aCopyIsAWholeDocumentOrTheBeginningOfOneThatTheBlockCut() {
        Copies copies = new Copies(DOCUMENTS, false, 9);
        assertTrue(copies.add("anna", false));
        assertFalse(copies.add("ann", false));
        assertTrue(copies.add("ann", true));
        assertFalse(copies.add("nna", true));
        assertFalse(copies.add("annab", true));
    }

    @Test
    void copiesAreFoundAsByComparingEachDocument() {
        Random random = new Random(1);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            documents.add(Integer.toString(random.nextInt(1 << 9), 3));
        }
        Copies copies = new Copies(documents, false, 1);
        for (int i = 0; i < 1 << 9; i++) {
            String text = Integer.toString(i, 3);
            assertEquals(documents.contains(text), copies.add(text, false), text);
            assertEquals(documents.stream().anyMatch(document -> document.startsWith(text)), copies.add(text, true));
        }
    }

    @Test
    void documentsAreReadOnceForAllSamples() {
        int[] reads = new int[1];
        List<String> documents = new AbstractList<>() {
            @Override
            public String get(int index) {
                reads[0]++;
                return "a" + index;
            }

            @Override
            public int size() {
                return 1000;
            }
        };
        Copies copies = new Copies(documents, false, 100);
        while (copies.wantsMore()) {
            copies.add("anna", true);
        }
        assertEquals(1000, reads[0]);
    }

    @Test
    void copiesAreListedByTheNumbersOfTheSamples() {
        Copies copies = new Copies(DOCUMENTS, false, 30);
        assertEquals("", said(copies));
        copies.add("anna", false);
        assertEquals(
                "microgpt: 1 of 1 sample is a copy of one of the training documents: 1 anna; --new-only "
                        + "leaves them out\n",
                said(copies));
        copies.add("anton", false);
        copies.add("a document\nof two lines", false);
        copies.add("x".repeat(50), false);
        assertEquals(
                "microgpt: 3 of 4 samples are copies of training documents: 1 anna, 3 a document\\u000aof two lines, 4 "
                        + "x".repeat(40) + "…; --new-only leaves them out\n",
                said(copies));
        for (int i = 0; i < 8; i++) {
            copies.add("anna", false);
        }
        assertTrue(said(copies).endsWith(", 11 anna, …; --new-only leaves them out\n"), said(copies));
    }

    @Test
    void drawingEndsWithTheSamplesThatAreWantedOrAfterTwentyForEach() {
        Copies copies = new Copies(DOCUMENTS, true, 2);
        int draws = 0;
        for (; copies.wantsMore(); draws++) {
            boolean isCopy = copies.add(draws == 5 ? "new" : "anna", false);
            assertEquals(draws == 5, copies.keeps(isCopy));
        }
        assertEquals(40, draws);
        assertEquals(
                "microgpt: left out 39 copies of training documents; only 1 of 40 samples are new, so no more are"
                        + " drawn\n",
                said(copies));
    }
}
