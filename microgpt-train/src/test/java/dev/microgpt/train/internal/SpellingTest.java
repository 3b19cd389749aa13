package dev.microgpt.train.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', abc, 3",
        "abc, '', 3",
        "kitten, sitting, 3",
        "nmaes, names, 1",
        "ab, ba, 1",
        "ca, abc, 3",
        "badc, abcd, 2",
        "n_layer, n_layers, 1"
    })
    void distanceCountsInsertionsDeletionsReplacementsAndSwaps(String a, String b, int distance) {
        assertEquals(distance, Spelling.distance(a, b));
    }

    @Test
    void nearestIsTheNameWithFewestEdits() {
        assertEquals("n_layer", Spelling.nearest("n_layers", List.of("n_embd_x", "n_lair", "n_layer", "n_player")));
        assertEquals("n_lair", Spelling.nearest("n_layr", List.of("n_lair", "n_layer")));
    }

    @Test
    void namesTooFarApartOrTooShortAreNotSuggested() {
        assertNull(Spelling.nearest("n_layers", List.of("n_heads", "n_lay", "vocab_size")));
        assertNull(Spelling.nearest("bias", List.of("bios", "biases")));
        assertNull(Spelling.nearest("n_layers", List.of()));
    }
}
