package dev.microgpt.train.sweep;

import dev.microgpt.train.internal.Quoted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a sweep file into its runs. */
final class SweepParser {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final Pattern SECTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Some file systems have names of at most 255 bytes. */
    private static final int LONGEST_FOLDER = 200;

    private final String file;
    private final Map<String, List<SweepLine>> common = new LinkedHashMap<>();
    private final Map<String, Map<String, List<SweepLine>>> sections = new LinkedHashMap<>();
    private final List<SweepLine> lines = new ArrayList<>();
    private Map<String, List<SweepLine>> current = common;
    private int number;

    SweepParser(String file) {
        this.file = file;
    }

    Sweep parse(String text) throws SweepException {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text; // as Windows begins a text
        for (String line : content.split("\r?\n", -1)) {
            number++;
            String stripped = line.strip();
            if (stripped.startsWith("[")) {
                begin(stripped);
            } else if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                add(stripped);
            }
        }
        if (lines.isEmpty()) {
            throw new SweepException(file + " must have a line NAME = VALUE, but has none; write for example"
                    + " learning-rate = 0.001, 0.003");
        }
        Map<String, SweptRun> runs = new LinkedHashMap<>();
        if (sections.isEmpty()) {
            combine("", common, runs);
        }
        for (Map.Entry<String, Map<String, List<SweepLine>>> section : sections.entrySet()) {
            Map<String, List<SweepLine>> all = new LinkedHashMap<>(common);
            all.putAll(section.getValue());
            combine(section.getKey(), all, runs);
        }
        return new Sweep(file, new ArrayList<>(runs.values()), lines);
    }

    private void begin(String line) throws SweepException {
        String name = line.endsWith("]") ? line.substring(1, line.length() - 1).strip() : "";
        if (!SECTION.matcher(name).matches()) {
            throw refused(
                    line,
                    "a section must be [NAME], where the name has letters, digits, dots, dashes and"
                            + " underscores only, because it begins the names of folders");
        }
        for (String other : sections.keySet()) {
            if (other.equalsIgnoreCase(name)) {
                throw refused(
                        line,
                        "the section must have a name of its own, but [" + other
                                + "] is there already, which has the same folder on some systems; rename it");
            }
        }
        current = new LinkedHashMap<>();
        sections.put(name, current);
    }

    private void add(String line) throws SweepException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw refused(line, "a line must be NAME = VALUE, [SECTION] or a comment that begins with #");
        }
        String name = line.substring(0, equals).strip();
        if (!NAME.matcher(name).matches()) {
            throw refused(
                    line,
                    "the name must be that of an option of microgpt train without dashes in front, such as"
                            + " learning-rate");
        }
        name = name.replace('_', '-');
        List<SweepLine> values = new ArrayList<>();
        for (String value : values(line, line.substring(equals + 1))) {
            for (SweepLine other : values) {
                if (isSame(other.value(), value)) {
                    throw refused(
                            line,
                            "the values must differ, but " + Quoted.plain(other.value()) + " and " + Quoted.plain(value)
                                    + " are the same; leave out one");
                }
            }
            values.add(new SweepLine(number, name, value));
        }
        List<SweepLine> before = current.put(name, values);
        if (before != null) {
            throw refused(
                    line,
                    name + " must be given only once here, but is in line "
                            + before.get(0).number() + ", too; put all values in one line");
        }
        lines.addAll(values);
    }

    /** Splits at commas outside of quotes. */
    private List<String> values(String line, String text) throws SweepException {
        List<String> values = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            if (c == '"' && i < text.length()) {
                quoted = !quoted;
            } else if (c == ',' && (!quoted || i == text.length())) {
                values.add(value(line, text.substring(start, i).strip()));
                start = i + 1;
            } else if (c == '#' && !quoted) {
                throw refused(line, "a value with # must be in double quotes; a comment must have a line of its own");
            }
        }
        return values;
    }

    private String value(String line, String text) throws SweepException {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        String value = quoted ? text.substring(1, text.length() - 1) : text;
        if (value.indexOf('"') >= 0) {
            throw refused(line, "double quotes must enclose a whole value, and cannot be part of one");
        }
        if (value.isEmpty() && !quoted) {
            throw refused(line, "a value is missing; write NAME = VALUE, VALUE without a comma at the end");
        }
        return value;
    }

    private static boolean isSame(String first, String second) {
        if (first.equals(second)) {
            return true;
        }
        try {
            return new BigDecimal(first).compareTo(new BigDecimal(second)) == 0;
        } catch (NumberFormatException words) {
            return false;
        }
    }

    /** Adds a run for each combination of values. */
    private void combine(String section, Map<String, List<SweepLine>> all, Map<String, SweptRun> runs)
            throws SweepException {
        List<List<SweepLine>> axes = new ArrayList<>(all.values());
        double count = runs.size();
        double combinations = 1;
        for (List<SweepLine> axis : axes) {
            combinations *= axis.size();
        }
        if (count + combinations > Sweep.MOST_RUNS) {
            throw new SweepException(
                    file + " has " + BigDecimal.valueOf(count + combinations).toBigInteger()
                            + " runs" + (section.isEmpty() ? "" : " up to section [" + section + "]")
                            + ", but must have at most "
                            + Sweep.MOST_RUNS + "; give fewer values");
        }
        for (int i = 0; i < combinations; i++) {
            Map<String, String> settings = new LinkedHashMap<>();
            StringBuilder name = new StringBuilder(section);
            int block = (int) combinations;
            for (List<SweepLine> axis : axes) {
                block /= axis.size();
                SweepLine chosen = axis.get(i / block % axis.size());
                settings.put(chosen.name(), chosen.value());
                if (axis.size() > 1) {
                    name.append(name.length() == 0 ? "" : "_")
                            .append(chosen.name())
                            .append('-');
                    name.append(chosen.value().replaceAll("[^A-Za-z0-9.+-]", "-"));
                }
            }
            add(new SweptRun(name.length() == 0 ? "run" : name.toString(), settings), runs);
        }
    }

    private void add(SweptRun run, Map<String, SweptRun> runs) throws SweepException {
        if (run.name().length() > LONGEST_FOLDER) {
            throw new SweepException(file + ": the folder of a run would be named " + run.name() + ", but a name must"
                    + " have at most " + LONGEST_FOLDER + " characters; list the runs as sections with short names");
        }
        SweptRun other = runs.put(run.name().toLowerCase(Locale.ROOT), run);
        if (other != null) {
            throw new SweepException(file + ": two runs would have the folder " + run.name() + ", one with "
                    + other.settings() + " and one with " + run.settings()
                    + "; list them as sections with names of their own");
        }
    }

    private SweepException refused(String line, String rule) {
        return new SweepException(file + ", line " + number + ": found " + Quoted.of(line) + ", but " + rule);
    }
}
