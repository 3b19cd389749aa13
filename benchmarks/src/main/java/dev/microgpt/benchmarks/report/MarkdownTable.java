package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table in Markdown, row by row. */
final class MarkdownTable {
    private final StringBuilder text = new StringBuilder();
    private final List<String> row = new ArrayList<>();

    MarkdownTable(List<String> headings) {
        row.addAll(headings);
        endRow();
        headings.forEach(heading -> row.add("---"));
        endRow();
    }

    /** Adds a cell; null stands for what was not measured. */
    MarkdownTable cell(@Nullable Object content) {
        row.add(content == null ? Figures.NONE : content.toString());
        return this;
    }

    /** Adds a quotient to two decimals, if both numbers were measured. */
    MarkdownTable ratio(@Nullable Measured numerator, @Nullable Measured denominator) {
        boolean both = numerator != null && denominator != null;
        return cell(both ? Figures.ratio(numerator.value() / denominator.value()) : null);
    }

    void endRow() {
        text.append("| ").append(String.join(" | ", row)).append(" |\n");
        row.clear();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
