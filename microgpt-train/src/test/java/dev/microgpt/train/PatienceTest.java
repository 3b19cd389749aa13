package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final double[] LOSSES = {3, 2, 2.1, 1.9, 2, 1.9, 1.95, 1.8};

    /** Returns after which of these evaluations the patience is over, beginning anew after each. */
    private static List<Integer> overAfter(Patience patience, boolean resumed) {
        List<Integer> over = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LOSSES.length; i++) {
            Patience used = resumed ? new Patience(2) : patience;
            used.resumeAt(patience.stalled());
            used.onEvaluation(new Evaluation(i, LOSSES[i], 1, 1, LOSSES[i] < best));
            patience.resumeAt(used.stalled());
            best = Math.min(best, LOSSES[i]);
            if (used.isOver()) {
                over.add(i);
            }
        }
        return over;
    }

    @Test
    void itIsOverAfterSoManyEvaluationsInARow() {
        assertEquals(List.of(5, 6), overAfter(new Patience(2), false));
        assertEquals(List.of(6), overAfter(new Patience(3), false));
        assertEquals(List.of(), overAfter(new Patience(4), false));
        assertEquals(List.of(2, 4, 5, 6), overAfter(new Patience(1), false), "an equal loss is not lower");
    }

    @Test
    void aResumedRunEndsAtTheSameEvaluation() {
        assertEquals(List.of(5, 6), overAfter(new Patience(2), true));
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Patience(0));
        Patience patience = new Patience(1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> patience.resumeAt(-1));
        assertEquals(
                "patience: the number of evaluations without a lower loss is -1, but must be at least 0",
                e.getMessage());
    }
}
