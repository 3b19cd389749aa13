package dev.microgpt.cli.metrics;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.score.Calibration;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.ScoredLine;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the scores of lines as a table with tabs between its columns, or as JSON objects, in full precision. */
public final class ScoreRows {
    private static final int DECIMALS = 4;
    private static final int DECIMALS_OF_P = 6;

    private final boolean json;
    private final @Nullable Calibration calibration;
    private final double threshold;
    private final int blockSize;
    private long count;
    private long flagged;
    private long longer;

    /**
     * Begins with no line.
     *
     * @param json        whether rows are JSON objects
     * @param calibration judges the lines, or null
     * @param alpha       the share of false alarms, if lines are judged
     * @param blockSize   the most tokens that the model sees together
     */
    public ScoreRows(boolean json, @Nullable Calibration calibration, double alpha, int blockSize) {
        this.json = json;
        this.calibration = calibration;
        this.threshold = calibration == null ? 0 : calibration.threshold(alpha);
        this.blockSize = blockSize;
    }

    /** Returns what stands before the rows. */
    public String header() {
        return json ? "" : "number\tscore\tworst\tat\tbits\t" + (calibration == null ? "" : "p\tflag\t") + "text\n";
    }

    /** Returns the number of lines so far. */
    public long count() {
        return count;
    }

    /** Returns how many of them are flagged. */
    public long flagged() {
        return flagged;
    }

    /** Returns a note about lines that are longer than the block size, or null if there were none. */
    public @Nullable String noteOnLongLines() {
        if (longer == 0) {
            return null;
        }
        return "note: " + Format.grouped(longer)
                + (longer == 1 ? " line, with its end, is" : " lines, with their ends, are")
                + " longer than the block size of " + blockSize
                + ", so the first tokens of each further window have no context";
    }

    /** Returns the rows of the next lines. */
    public String of(List<ScoredLine> lines) {
        StringBuilder rows = new StringBuilder();
        for (ScoredLine line : lines) {
            count++;
            boolean isFlagged = calibration != null && line.score().bitsPerCharacter() > threshold;
            flagged += isFlagged ? 1 : 0;
            longer += line.score().tokens() > blockSize ? 1 : 0;
            if (json) {
                rows.append(JsonWriter.text(fields(line, isFlagged)));
            } else {
                addCells(line, isFlagged, rows);
            }
            rows.append('\n');
        }
        return rows.toString();
    }

    private void addCells(ScoredLine line, boolean isFlagged, StringBuilder row) {
        LineScore score = line.score();
        row.append(line.number()).append('\t');
        row.append(Format.readable(score.bitsPerCharacter(), DECIMALS)).append('\t');
        addEscaped(score.worstText(), row);
        row.append('\t').append(score.worst()).append('\t');
        row.append(Format.readable(score.worstBits(), DECIMALS)).append('\t');
        if (calibration != null) {
            row.append(Format.fixed(calibration.pValue(score.bitsPerCharacter()), DECIMALS_OF_P));
            row.append('\t').append(isFlagged ? "1" : "").append('\t');
        }
        addEscaped(line.text(), row);
    }

    /** A cell is on one line and between two tabs, and a terminal obeys nothing in it. */
    private static void addEscaped(String text, StringBuilder row) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\t' -> row.append("\\t");
                case '\n' -> row.append("\\n");
                case '\r' -> row.append("\\r");
                case '\\' -> row.append("\\\\");
                default -> {
                    if (Character.isISOControl(c)) {
                        row.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        row.append(c);
                    }
                }
            }
        }
    }

    private Map<String, @Nullable Object> fields(ScoredLine line, boolean isFlagged) {
        LineScore score = line.score();
        Map<String, @Nullable Object> worst = new LinkedHashMap<>();
        worst.put("text", score.worstText());
        worst.put("at", score.worst());
        worst.put("bits", score.worstBits());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("number", line.number());
        fields.put("text", line.text());
        fields.put("score", score.bitsPerCharacter());
        fields.put("bits", score.bits());
        fields.put("characters", score.characters());
        fields.put("worst", worst);
        if (calibration != null) {
            fields.put("p", calibration.pValue(score.bitsPerCharacter()));
            fields.put("flagged", isFlagged);
        }
        return fields;
    }
}
