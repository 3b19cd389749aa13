package dev.microgpt.train.score;

/**
 * A line of a text with its score.
 *
 * @param number the number of the line or record in the whole text, from 1; blank ones have numbers, too
 * @param text   the line
 * @param score  its score
 */
public record ScoredLine(long number, String text, LineScore score) {}
