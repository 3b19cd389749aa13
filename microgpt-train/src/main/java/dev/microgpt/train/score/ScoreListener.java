package dev.microgpt.train.score;

import java.io.IOException;
import java.util.List;

/** Receives the scores of a text's lines in their order. */
public interface ScoreListener {
    /**
     * Receives some lines: those of one part of the text, which no line of an earlier part follows.
     *
     * @param lines the lines, at least one
     * @throws IOException if they cannot be written, which ends the scoring
     */
    void onScores(List<ScoredLine> lines) throws IOException;
}
