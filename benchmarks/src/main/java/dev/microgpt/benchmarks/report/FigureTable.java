package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Markdown tables as rows. */
final class FigureTable {
    private FigureTable() {}

    /**
     * A row below the header of a table.
     *
     * @param header the names of the columns
     * @param cells  the texts of the row; those at the beginning that are empty, as in the row above
     */
    record Row(List<String> header, List<String> cells) {
        /** The first cells, by which rows of one table are told apart. */
        List<String> labels(int count) {
            return cells.subList(0, Math.min(count, cells.size()));
        }
    }

    /** Returns the rows of all tables in a text. */
    static List<Row> rows(String text) {
        List<Row> rows = new ArrayList<>();
        List<String> header = List.of();
        List<String> above = List.of();
        for (String line : text.split("\n")) {
            if (!line.startsWith("|")) {
                header = List.of();
            } else if (header.isEmpty()) {
                header = cells(line);
                above = List.of();
            } else if (!line.startsWith("| ---")) {
                List<String> cells = cells(line);
                for (int i = 0;
                        i < Math.min(cells.size(), above.size()) && cells.get(i).isEmpty();
                        i++) {
                    cells.set(i, above.get(i));
                }
                rows.add(new Row(header, cells));
                above = cells;
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }
}
