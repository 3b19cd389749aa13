package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command lines in README.md and docs/*.md. */
class DocumentedCommandsTest {
    private static final Path PROJECT = Path.of("..");

    private static final Pattern LINE = Pattern.compile("\\./microgpt ((?:[a-z][a-z0-9]* ?)+)([^`\n|#]*)");
    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z][a-z0-9-]*");

    private static String text(Path document) throws IOException {
        return Files.readString(document).replace("\r\n", "\n").replace("\\\n", " ");
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(PROJECT.resolve("README.md")));
        for (String folder : List.of("docs", "docs/learn")) {
            try (Stream<Path> docs = Files.list(PROJECT.resolve(folder))) {
                docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    private static List<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path document : documents()) {
            Matcher line = LINE.matcher(text(document));
            while (line.find()) {
                lines.add(line.group(1) + line.group(2));
            }
        }
        return lines;
    }

    private final Map<String, String> helps = new HashMap<>();

    private String help(String line) {
        String[] command = line.replaceAll(" -.*", "").split(" ");
        String help = help(List.of(command[0]));
        // such as data, which has fetch and prepare
        return help.contains("\nCommands:") ? help(List.of(command[0], command[1])) : help;
    }

    private String help(List<String> command) {
        return helps.computeIfAbsent(String.join(" ", command) + " --help", args -> {
            Run help = Run.of(args.split(" "));
            assertEquals(ExitCode.DONE, help.exitCode(), args);
            return help.out();
        });
    }

    @Test
    void everyOptionIsOneOfItsCommand() throws IOException {
        List<String> lines = commandLines();
        assertTrue(lines.size() > 40, lines::toString);
        for (String line : lines) {
            String help = help(line).replace("[no-]", "") + " --no-bias --no-tie-head --no-report ";
            Matcher option = OPTION.matcher(line);
            while (option.find()) {
                assertTrue(
                        Pattern.compile(option.group() + "\\b(?!-)")
                                .matcher(help)
                                .find(),
                        line);
            }
        }
    }

    /** The learning rate of such a run would never reach the one that was asked for. */
    @Test
    void noRunEndsInItsWarmUp() throws IOException {
        int runs = 0;
        for (String line : commandLines()) {
            int warmup = number(line, "--warmup-steps", line.contains("--preset nano") ? 100 : 0);
            int steps = number(line, "--steps", Integer.MAX_VALUE);
            assertTrue(steps > warmup, line);
            runs += steps < Integer.MAX_VALUE ? 1 : 0;
        }
        assertTrue(runs > 10, "found " + runs + " runs");
        assertEquals(100, Preset.NANO.training().schedule().warmupSteps());
    }

    private static int number(String line, String option, int otherwise) {
        Matcher value = Pattern.compile(option + "[ =]([0-9]+)").matcher(line);
        return value.find() ? Integer.parseInt(value.group(1)) : otherwise;
    }

    /** Formats of other programs, such as GPT-2's, are no limit if there is a command for them. */
    @Test
    void noLimitIsWhatACommandDoes() throws IOException {
        String guide = text(PROJECT.resolve("docs/training.md"));
        String limits = guide.substring(guide.indexOf("\n## Limits\n"))
                .toLowerCase(Locale.ROOT)
                .replace("-", "");
        for (String command : List.of("import", "export")) {
            String help = help(List.of(command));
            Matcher format = Pattern.compile("(?m)^  ([a-z0-9]+) ").matcher(help.substring(help.indexOf("Commands:")));
            assertTrue(format.find(), help);
            do {
                assertFalse(limits.contains(format.group(1)), command + " " + format.group(1) + ": " + limits);
            } while (format.find());
        }
    }
}
