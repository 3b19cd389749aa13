package dev.microgpt.benchmarks.report;

/** A part of {@code docs/benchmarks.md} that is written anew from results. */
interface Section {
    /** What its markers call it, such as {@code matmul}. */
    String name();

    /**
     * Writes the table of one JDK.
     *
     * @param results what was measured on it
     * @return Markdown, empty if nothing of this section was measured
     */
    String markdown(Results results);
}
