package dev.microgpt.cli.terminal;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal that interprets the control sequences used by this program. */
public final class FakeTerminal extends OutputStream {
    private static final Pattern PIECE = Pattern.compile("\u001B\\[([?0-9]*)([A-Za-z])|[\r\n]|[^\r\n\u001B]");

    private final int columns;
    private final StringBuilder received = new StringBuilder();

    public FakeTerminal(int columns) {
        this.columns = columns;
    }

    @Override
    public void write(int b) {
        received.append((char) (b & 0xFF));
    }

    /** Returns all bytes, one character each. */
    public String received() {
        return received.toString();
    }

    /** Forgets what came so far. */
    void reset() {
        received.setLength(0);
    }

    /** Returns the rows that can be seen, the one with the cursor last. */
    public List<String> rows() {
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int column = 0;
        boolean wraps = true;
        Matcher pieces = PIECE.matcher(received);
        int end = 0;
        while (pieces.find()) {
            if (pieces.start() != end) {
                throw new IllegalStateException("not understood: " + Format.visible(received.substring(end)));
            }
            end = pieces.end();
            StringBuilder row = rows.get(rows.size() - 1);
            String piece = pieces.group();
            switch (piece) {
                case "\r" -> column = 0;
                case "\n" -> {
                    rows.add(new StringBuilder());
                    column = 0;
                }
                case "\u001B[K" -> row.setLength(Math.min(row.length(), column));
                case "\u001B[?7l" -> wraps = false;
                case "\u001B[?7h" -> wraps = true;
                case "\u001B[2m", "\u001B[22m" -> {}
                default -> {
                    if (column == columns && wraps) {
                        row = new StringBuilder();
                        rows.add(row);
                        column = 0;
                    }
                    column = Math.min(column, columns - 1);
                    row.replace(column, Math.min(row.length(), column + 1), piece);
                    column++;
                }
            }
        }
        return rows.stream().map(StringBuilder::toString).toList();
    }

    @Override
    public String toString() {
        return new String(received.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
