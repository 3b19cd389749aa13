package dev.microgpt.benchmarks.report;

import java.util.List;

/** How a training step grows; the figures behind {@link ScalingPicture}. */
final class ScalingSection implements Section {
    static final String SCALING = "ScalingBenchmark";

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public String markdown(Results results) {
        MarkdownTable table =
                new MarkdownTable(List.of("changed", "value", "1 thread, ms", "2 threads, ms", "1 thread / 2 threads"));
        boolean any = false;
        for (String point : results.values(SCALING, "point")) {
            any = true;
            Measured one = results.nanos(SCALING, "oneThread", "point", point);
            Measured two = results.nanos(SCALING, "twoThreads", "point", point);
            String[] parts = point.split(":");
            table.cell(parts[0]).cell(parts[1]);
            table.cell(one == null ? null : one.times(1e-6));
            table.cell(two == null ? null : two.times(1e-6));
            table.ratio(one, two).endRow();
        }
        return any ? table.toString() : "";
    }
}
