package dev.microgpt.train.sweep;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Several runs side by side: which settings differ, and what they achieved. Immutable. */
public final class Comparison {
    /** The setting in which the runs of a group differ. */
    public static final String SEED = "seed";

    private static final String DATA = "data_sha256";
    private static final String MISSING = "\u2013";
    private static final int HASH_DIGITS = 8;
    private static final int DECIMALS = 4;

    private final List<ComparedRun> runs;
    private final List<String> differing;
    private final List<Group> groups;

    /**
     * Compares runs.
     *
     * @param runs at least one
     */
    public Comparison(List<ComparedRun> runs) {
        this.runs = List.copyOf(runs);
        differing = List.copyOf(differing(this.runs));
        Map<List<String>, List<ComparedRun>> equal = new LinkedHashMap<>();
        for (ComparedRun run : this.runs) {
            List<String> key = new ArrayList<>();
            for (String setting : differing) {
                if (!setting.equals(SEED)) {
                    key.add(value(run, setting));
                }
            }
            equal.computeIfAbsent(key, first -> new ArrayList<>()).add(run);
        }
        List<Group> all = new ArrayList<>();
        equal.values().forEach(members -> all.add(new Group(List.copyOf(members))));
        groups = List.copyOf(all);
    }

    /**
     * Runs that differ in their seed only.
     *
     * @param runs at least one
     */
    public record Group(List<ComparedRun> runs) {}

    /**
     * Reads the folders of runs and compares them. If two have the same name, the runs have the paths as names.
     *
     * @param folders at least one, in the order of the table
     * @return the comparison
     * @throws SweepException if a folder is not that of a run, or is given twice
     * @throws IOException    if a file cannot be read
     */
    public static Comparison of(List<Path> folders) throws IOException {
        Set<Path> places = new HashSet<>();
        Set<String> names = new HashSet<>();
        boolean isUnique = true;
        for (Path folder : folders) {
            if (!places.add(folder.toAbsolutePath().normalize())) {
                throw new SweepException(folder + " must be given once, but is given twice; leave out one");
            }
            isUnique &= names.add(ComparedRun.name(folder));
        }
        List<ComparedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(ComparedRun.read(folder, isUnique ? ComparedRun.name(folder) : folder.toString()));
        }
        return new Comparison(runs);
    }

    private static Set<String> differing(List<ComparedRun> runs) {
        Set<String> all = new LinkedHashSet<>();
        for (ComparedRun run : runs) {
            all.addAll(run.given());
        }
        all.add(DATA); // a file may have changed since a sweep named it
        all.removeIf(setting -> {
            String first = value(runs.get(0), setting);
            return runs.stream().allMatch(run -> value(run, setting).equals(first));
        });
        if (all.remove(SEED)) {
            all.add(SEED); // last, as what is repeated
        }
        return all;
    }

    /**
     * Returns the runs.
     *
     * @return in the order of the folders
     */
    public List<ComparedRun> runs() {
        return runs;
    }

    /**
     * Returns the names of the settings that are not the same in all runs.
     *
     * @return in the order of the sweep file or of checkpoints, the seed last
     */
    public List<String> differing() {
        return differing;
    }

    /**
     * Returns the runs that differ in their seed only, together.
     *
     * @return in the order of the first run of each
     */
    public List<Group> groups() {
        return groups;
    }

    /**
     * Returns a setting of a run for a table.
     *
     * @param run     the run
     * @param setting the name of a setting
     * @return its value; "default" if a checkpoint does not name it; of a hash the first digits
     */
    public static String value(ComparedRun run, String setting) {
        String value = run.settings().getOrDefault(setting, "default");
        return setting.equals(DATA) ? value.substring(0, Math.min(HASH_DIGITS, value.length())) : value;
    }

    /**
     * Returns the comparison as a table of text: the runs, and if there are several seeds, the mean, lowest and highest
     * of each group.
     *
     * @return lines, each ending with a line feed
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        List<List<String>> rows = new ArrayList<>();
        for (ComparedRun run : runs) {
            rows.add(row(List.of(run), false));
        }
        append(text, header("run", differing), rows);
        if (groups.size() < runs.size()) {
            List<String> others = new ArrayList<>(differing);
            others.remove(SEED);
            rows.clear();
            groups.forEach(group -> rows.add(row(group.runs(), true)));
            text.append("\nmeans of the seeds, with the lowest and the highest:\n");
            append(text, header("seeds", others), rows);
        }
        for (ComparedRun run : runs) {
            if (!run.end().message().isEmpty()) {
                text.append(run.name()).append(": ").append(run.end().message()).append('\n');
            }
        }
        return text.toString();
    }

    private List<String> header(String first, List<String> settings) {
        List<String> names = new ArrayList<>(List.of(first));
        names.addAll(settings);
        names.addAll(List.of(settings.contains("steps") ? "steps done" : "steps", "loss"));
        if (hasEvaluations()) {
            names.addAll(List.of("val loss", "best", "bits/byte"));
        }
        names.addAll(List.of("seconds", "tokens/s"));
        if (hasUnfinished()) {
            names.add("state");
        }
        return names;
    }

    private boolean hasEvaluations() {
        return runs.stream().anyMatch(run -> Double.isFinite(run.validationLoss()));
    }

    private boolean hasUnfinished() {
        return runs.stream().anyMatch(run -> run.end().state() != RunEnd.State.DONE);
    }

    /** Returns the row of a run, or of the runs of a group. */
    private List<String> row(List<ComparedRun> of, boolean isGroup) {
        ComparedRun first = of.get(0);
        List<String> cells = new ArrayList<>();
        cells.add(isGroup ? Integer.toString(of.size()) : first.name());
        for (String setting : differing) {
            if (!isGroup || !setting.equals(SEED)) {
                cells.add(value(first, setting));
            }
        }
        cells.add(fixed(mean(of, ComparedRun::steps), 0));
        cells.add(spread(of, ComparedRun::loss));
        if (hasEvaluations()) {
            cells.add(spread(of, ComparedRun::validationLoss));
            cells.add(spread(of, ComparedRun::bestLoss));
            cells.add(spread(of, ComparedRun::bitsPerByte));
        }
        cells.add(fixed(mean(of, ComparedRun::seconds), 1));
        cells.add(fixed(mean(of, ComparedRun::tokensPerSecond), 0));
        if (hasUnfinished()) {
            cells.add(state(of));
        }
        return cells;
    }

    private static String state(List<ComparedRun> of) {
        Set<String> states = new LinkedHashSet<>();
        of.forEach(run -> states.add(run.end().state().toString()));
        return String.join(", ", states);
    }

    private static double mean(List<ComparedRun> of, ToDoubleFunction<ComparedRun> number) {
        double sum = 0;
        for (ComparedRun run : of) {
            sum += number.applyAsDouble(run);
        }
        return sum / of.size();
    }

    /** Returns a number, or the mean of several with the lowest and the highest. */
    private static String spread(List<ComparedRun> of, ToDoubleFunction<ComparedRun> number) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (ComparedRun run : of) {
            lowest = Math.min(lowest, number.applyAsDouble(run));
            highest = Math.max(highest, number.applyAsDouble(run));
        }
        String mean = fixed(mean(of, number), DECIMALS);
        return lowest == highest || mean.equals(MISSING)
                ? mean
                : mean + " (" + fixed(lowest, DECIMALS) + " to " + fixed(highest, DECIMALS) + ")";
    }

    private static String fixed(double number, int decimals) {
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : MISSING;
    }

    /** Appends columns: names to the left, numbers to the right. */
    private static void append(StringBuilder text, List<String> header, List<List<String>> rows) {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = header.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        append(text, header, widths);
        rows.forEach(row -> append(text, row, widths));
    }

    private static void append(StringBuilder text, List<String> cells, int... widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : "  ");
            line.append(i == 0 ? cells.get(i) + padding : padding + cells.get(i));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
