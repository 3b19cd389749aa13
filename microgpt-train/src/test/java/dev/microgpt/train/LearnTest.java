package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/learn: each program compiles alone and prints what its chapter shows, the prose has no other numbers, and the
 * pictures are drawn from these. Long runs are compared as far as their beginning, and to their end in the nightly
 * build.
 */
class LearnTest {
    private static final Path LEARN = Path.of("..", "docs", "learn");
    private static final String NAMES = "../data/names.txt";

    /** Where a long run is stopped: after so many steps, and {@code Training} after so many names. */
    private static final Map<String, String> STOPS =
            Map.of("Window", "30", "Recurrent", "30", "TinyGpt", "30", "Training", "320");

    private static final Pattern RUN = Pattern.compile(
            "java ((?:-D\\S+ )*)-cp microgpt-cli/target/microgpt.jar docs/learn/code/(\\w+)\\.java\n```\n\n"
                    + "```text\n(.*?)```",
            Pattern.DOTALL);
    private static final Pattern FENCED = Pattern.compile("```.*?```", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.,])\\d+(?:,\\d{3})*(?:\\.\\d+)?(?!\\w|\\.\\d)");

    @TempDir
    static Path classes;

    /** A command and what the chapter shows of its output. */
    private record Run(String options, String program, String shown) {}

    /** Compiles all at once, which is faster; when they run, none finds the classes of another. */
    @BeforeAll
    static void compile() throws IOException {
        new DocumentedJava(classes)
                .compile(files(LEARN.resolve("code"), ".java").toArray(new Path[0]));
        for (Path file : files(classes, ".class")) {
            Path own = classes.resolve(file.getFileName().toString().replaceAll("\\W.*", ""));
            Files.createDirectories(own);
            Files.move(file, own.resolve(file.getFileName()));
        }
    }

    static List<Path> chapters() throws IOException {
        return files(LEARN, ".md").stream()
                .filter(page -> page.getFileName().toString().matches("[1-6]-.*"))
                .toList();
    }

    private static List<Run> runs(Path chapter) throws IOException {
        Matcher run = RUN.matcher(text(chapter));
        List<Run> runs = new ArrayList<>();
        while (run.find()) {
            runs.add(new Run(run.group(1), run.group(2), run.group(3)));
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void programsPrintWhatTheChapterShows(Path chapter) throws Exception {
        List<Run> runs = runs(chapter);
        assertFalse(runs.isEmpty());
        for (Run run : runs) {
            boolean isWhole = Boolean.getBoolean("microgpt.test.nightly") || !STOPS.containsKey(run.program);
            String stop = run.options.isEmpty() || run.options.contains("ablations") ? STOPS.get(run.program) : "0";
            String printed = isWhole ? print(run, NAMES) : print(run, NAMES, stop);
            if (isWhole) {
                assertEquals(run.shown, printed, run.program);
            } else {
                assertBegins(run, printed.lines().toList());
            }
        }
    }

    /** Checks that every line of a stopped run is the beginning of one that is shown. */
    private static void assertBegins(Run run, List<String> printed) {
        List<String> shown = run.shown.lines().toList();
        assertTrue(printed.size() > 1, printed::toString);
        for (int i = 0; i < printed.size(); i++) {
            String line = shown.get(i);
            assertTrue(line.startsWith(printed.get(i)), run.program + " prints " + printed.get(i) + " for " + line);
        }
    }

    private static String print(Run run, String... args) throws Exception {
        Matcher option = Pattern.compile("-D(\\w+)=(\\S+)").matcher(run.options);
        List<String> set = new ArrayList<>();
        try {
            while (option.find()) {
                System.setProperty(option.group(1), option.group(2));
                set.add(option.group(1));
            }
            return new DocumentedJava(classes.resolve(run.program)).main(run.program, args);
        } finally {
            set.forEach(System::clearProperty);
        }
    }

    @Test
    void everyProgramIsRunByAChapter() throws IOException {
        Set<String> run = new TreeSet<>(Set.of("Pictures"));
        for (Path chapter : chapters()) {
            runs(chapter).forEach(each -> run.add(each.program));
        }
        Set<String> programs = new TreeSet<>();
        for (Path program : files(LEARN.resolve("code"), ".java")) {
            programs.add(program.getFileName().toString().replace(".java", ""));
        }
        assertEquals(programs, run);
    }

    /** Those with a decimal point or thousands were printed by the programs so far, or are in the code. */
    @Test
    void numbersInTheProseAreThoseOfThePrograms() throws IOException {
        StringBuilder known = new StringBuilder();
        for (Path chapter : chapters()) {
            StringBuilder code = new StringBuilder();
            for (Run run : runs(chapter)) {
                known.append(run.shown);
                code.append(text(LEARN.resolve("code/" + run.program + ".java")));
            }
            assertEquals(Set.of(), unknown(prose(chapter), known.toString() + code), chapter.toString());
        }
        known.append(text(LEARN.resolve("../why.md"))); // has a test of its own
        assertEquals(Set.of(), unknown(prose(LEARN.resolve("answers.md")), known.toString()), "answers.md");
    }

    @Test
    void wrongNumbersAreNoticed() {
        String known = "loss 2.5848 of 29800 names, rate 0.01\n";
        assertEquals(Set.of(), unknown("29,800 names, 2.58 or 2.5848, after 7 of 1000 steps.", known));
        assertEquals(Set.of("2.59", "29,801", "2.5849"), unknown("2.59, 29,801 and 2.5849.", known));
    }

    @Test
    void picturesAreDrawnFromTheChapters(@TempDir Path folder) throws Exception {
        new DocumentedJava(classes.resolve("Pictures")).main("Pictures", NAMES, LEARN.toString(), folder.toString());
        List<Path> committed = files(LEARN.resolve("pictures"), ".svg");
        assertEquals(committed.size(), files(folder, ".svg").size());
        for (Path picture : committed) {
            assertEquals(text(picture), text(folder.resolve(picture.getFileName())), "run docs/learn/pictures.sh");
        }
    }

    /** Returns the checked numbers of a prose that no known one rounds to. */
    static Set<String> unknown(String prose, String known) {
        List<BigDecimal> numbers = new ArrayList<>();
        Matcher number = NUMBER.matcher(known);
        while (number.find()) {
            numbers.add(new BigDecimal(number.group().replace(",", "")));
        }
        Set<String> unknown = new TreeSet<>();
        Matcher written = NUMBER.matcher(prose);
        while (written.find()) {
            BigDecimal value = new BigDecimal(written.group().replace(",", ""));
            boolean isChecked = written.group().contains(",") || value.scale() > 0;
            if (isChecked && numbers.stream().noneMatch(n -> rounds(n, value))) {
                unknown.add(written.group());
            }
        }
        return unknown;
    }

    private static boolean rounds(BigDecimal number, BigDecimal written) {
        return number.scale() >= written.scale()
                && number.setScale(written.scale(), RoundingMode.HALF_UP).equals(written);
    }

    /** What is neither code nor the target of a link. */
    static String prose(Path page) throws IOException {
        return FENCED.matcher(text(page)).replaceAll("").replaceAll("]\\([^)]*\\)|<[^>]*>|`[^`]*`", "]");
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}
