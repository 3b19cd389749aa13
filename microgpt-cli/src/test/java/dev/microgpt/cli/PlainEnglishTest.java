package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documents, help and messages use the field's terms, not these former circumlocutions. */
class PlainEnglishTest {
    private static final Path PROJECT = Path.of("..");

    private static final Pattern UNIDIOMATIC = Pattern.compile(
            "\\b(first weights|h[eo]ld(s|ing)? back|go(es)? on( with)?|hears? of|tells? of|so many steps|beside"
                    + "|a training(?! (batch|loop|loss|run|set|split|step|tape)\\b)|(two|of) trainings|who trains"
                    + "|lets? a model write|give the JVM more|take a model of)\\b",
            Pattern.CASE_INSENSITIVE);

    /** What tests write into docs/reliability.md. */
    private static final Pattern FIGURE = Pattern.compile("<!-- figure .*?<!-- end -->");

    private static final Pattern LITERAL_OR_COMMENT = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'|//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);

    @Test
    void documentsArePlain() throws IOException {
        Map<String, String> documents = new TreeMap<>();
        for (String folder : List.of(".", "docs", "docs/learn", "data")) {
            try (Stream<Path> files = Files.list(PROJECT.resolve(folder))) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".md")).toList()) {
                    documents.put(
                            file.toString(),
                            FIGURE.matcher(Files.readString(file)).replaceAll(""));
                }
            }
        }
        documents.keySet().removeIf(name -> name.endsWith("CHANGELOG.md"));
        assertTrue(documents.size() > 12, documents.keySet()::toString);
        assertPlain(documents);
    }

    @Test
    void helpIsPlain() {
        Map<String, String> helps = new TreeMap<>();
        addHelp(helps);
        assertTrue(helps.size() > 13, helps.keySet()::toString);
        assertPlain(helps);
    }

    private static void addHelp(Map<String, String> helps, String... command) {
        String[] args = Arrays.copyOf(command, command.length + 1);
        args[command.length] = "--help";
        Run help = Run.of(args);
        assertEquals(ExitCode.DONE, help.exitCode(), () -> String.join(" ", args));
        helps.put(String.join(" ", args), help.out());
        int commands = help.out().indexOf("\nCommands:\n");
        if (commands > 0) {
            Matcher name = Pattern.compile("(?m)^  ([a-z][a-z0-9]*) ")
                    .matcher(help.out().substring(commands));
            while (name.find()) {
                String[] subcommand = args.clone();
                subcommand[command.length] = name.group(1);
                addHelp(helps, subcommand);
            }
        }
    }

    @Test
    void messagesArePlain() throws IOException {
        Map<String, String> literals = new TreeMap<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    addLiterals(literals, sources);
                }
            }
        }
        assertTrue(literals.size() > 200, () -> literals.size() + " sources");
        assertPlain(literals);
    }

    private static void addLiterals(Map<String, String> literals, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                StringBuilder all = new StringBuilder();
                String joined = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
                Matcher literal = LITERAL_OR_COMMENT.matcher(joined);
                while (literal.find()) {
                    if (literal.group().startsWith("\"")) {
                        all.append(literal.group()).append('\n');
                    }
                }
                literals.put(file.toString(), all.toString());
            }
        }
    }

    @Test
    void thePatternFindsWhatItIsFor() {
        String words = "How first weights are drawn, what is held\n back, a training of a model, how it goes on";
        assertEquals(4, unidiomatic(words).size(), () -> unidiomatic(words).toString());
        assertEquals(List.of(), unidiomatic("a training run, a training step, held-out data, the run continues"));
    }

    private static void assertPlain(Map<String, String> texts) {
        List<String> found = new ArrayList<>();
        texts.forEach((name, text) -> unidiomatic(text).forEach(words -> found.add(name + ": " + words)));
        assertEquals(List.of(), found, () -> String.join("\n", found));
    }

    /** Returns each place with the words around it. */
    private static List<String> unidiomatic(String text) {
        String line = text.replaceAll("\\s+", " ");
        List<String> found = new ArrayList<>();
        Matcher words = UNIDIOMATIC.matcher(line);
        while (words.find()) {
            found.add(line.substring(Math.max(0, words.start() - 30), Math.min(line.length(), words.end() + 20)));
        }
        return found;
    }
}
