package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a text has in common with documents, compared with a search through all pieces. */
class OverlapTest {
    @Test
    void copiesAreCountedAndTheLongestPieceIsFound() {
        List<String> names = List.of("emma", "anna", "emma", "gemma", "");
        assertEquals(new Overlap(2, "emma", 3), Overlap.of("emma", names));
        assertEquals(new Overlap(0, "emma", 3), Overlap.of("lemmas", names));
        assertEquals(new Overlap(0, "", 0), Overlap.of("xyz", names));
        assertEquals(new Overlap(1, "", 0), Overlap.of("", names));
        assertEquals(new Overlap(0, "", 0), Overlap.of("emma", List.of()));
    }

    @Test
    void pieceIsThatOfASearchThroughAll() {
        Random random = new Random(7);
        for (int run = 0; run < 300; run++) {
            List<String> documents = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                documents.add(text(random));
            }
            String text = text(random);
            String longest = "";
            for (int from = 0; from < text.length(); from++) {
                for (int to = from + 1; to <= text.length(); to++) {
                    String piece = text.substring(from, to);
                    boolean stands = documents.stream().anyMatch(document -> document.contains(piece));
                    longest = stands && piece.length() > longest.length() ? piece : longest;
                }
            }
            assertEquals(longest, Overlap.of(text, documents).longest(), text + " in " + documents);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }
}
