package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command needs a class and a line in the table of {@link Commands}, and nothing else. */
class CommandTableTest {
    /** The words of each command and group, as in {@code data prepare}. */
    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        addCommands(all, List.of(), CommandLines.parser());
        return all.stream();
    }

    private static void addCommands(List<List<String>> all, List<String> above, CommandLine line) {
        line.getSubcommands().forEach((name, subcommand) -> {
            List<String> words = new ArrayList<>(above);
            words.add(name);
            all.add(words);
            addCommands(all, words, subcommand);
        });
    }

    private static Run run(List<String> command, String... more) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    @Test
    void everyClassOfACommandIsInTheTable() {
        JavaClasses classes = MainClasses.read();
        Set<String> expected = new TreeSet<>();
        for (JavaClass type : classes) {
            if (type.isAssignableTo(Command.class) && !type.isInterface()) {
                expected.add(type.getSimpleName());
            }
        }
        Set<String> found = new TreeSet<>();
        addTypes(found, Commands.TABLE);
        assertFalse(found.isEmpty());
        assertEquals(expected, found);
    }

    private static void addTypes(Set<String> types, List<Commands.Entry> entries) {
        Set<String> names = new HashSet<>();
        for (Commands.Entry entry : entries) {
            assertTrue(names.add(entry.name()), entry.name() + " is there twice");
            assertEquals(entry.type() == null, !entry.subcommands().isEmpty(), "a group has commands, and they alone");
            if (entry.type() != null) {
                assertTrue(types.add(entry.type()), entry.type() + " is there twice");
            }
            addTypes(types, entry.subcommands());
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandDescribesItselfAndItsArguments(List<String> command) {
        Run help = run(command, "--help");
        assertEquals(ExitCode.DONE, help.exitCode(), help.err());
        assertEquals("", help.err());
        assertTrue(help.out().startsWith("Usage: microgpt " + String.join(" ", command) + " "), help.out());
        CommandLine line = parser(command);
        String[] description = line.getCommandSpec().usageMessage().description();
        assertTrue(description.length > 0 && !description[0].isBlank(), "it says what it does");
        for (ArgSpec arg : line.getCommandSpec().args()) {
            String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
            assertTrue(help.out().contains(name.replace("--", "")), name);
            assertTrue(arg.description().length > 0 && arg.description()[0].endsWith("."), name + " has a description");
        }
        for (String common : List.of("--help", "--version", "--quiet", "--stacktrace")) {
            assertNotEquals(null, line.getCommandSpec().findOption(common), common);
        }
    }

    private static CommandLine parser(List<String> command) {
        CommandLine line = CommandLines.parser();
        for (String word : command) {
            line = line.getSubcommands().get(word);
        }
        return line;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsSuggestedForAMisspelledName(List<String> command) {
        List<String> misspelled = new ArrayList<>(command);
        String last = misspelled.remove(misspelled.size() - 1);
        Run run = run(misspelled, last.substring(0, last.length() - 1));
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains(", did you mean " + last + "?\n"), run.err());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commonOptionsMayStandBeforeTheCommandAndAfterIt(List<String> command) {
        List<String> before = new ArrayList<>(command);
        before.add(0, "--quiet");
        Run run = run(before, "--quiet", "--version");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(Run.of("--version").out(), run.out());
    }

    /** What runs without a parser must not lack what a parser would demand. */
    @Test
    void commandsThatRunBareNeedNoArguments() {
        for (Commands.Entry entry : Commands.TABLE) {
            boolean demandsNothing = parser(List.of(entry.name()))
                    .getCommandSpec()
                    .requiredArgs()
                    .isEmpty();
            assertEquals(
                    entry.type() != null && demandsNothing,
                    entry.isBare(),
                    entry.name() + ": bare(...) is for exactly the commands without required arguments");
        }
    }

    /** A parser would take longer to load than a small training run takes. */
    @Test
    void commandsWithoutArgumentsDoNotLoadTheParser() throws Exception {
        List<URL> withoutParser = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("picocli")) {
                withoutParser.add(Path.of(entry).toUri().toURL());
            }
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(withoutParser.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> terminal = loader.loadClass(Terminal.class.getName());
            Object quiet = terminal.getConstructor(OutputStream.class, OutputStream.class)
                    .newInstance(OutputStream.nullOutputStream(), err);
            Object exitCode = loader.loadClass(Main.class.getName())
                    .getMethod("run", terminal, String[].class)
                    .invoke(null, quiet, new String[] {"eval"});
            assertEquals(ExitCode.USAGE, exitCode);
            for (Commands.Entry entry : Commands.TABLE) {
                if (entry.isBare()) {
                    loader.loadClass(Command.class.getPackageName() + "." + entry.type())
                            .getConstructor()
                            .newInstance();
                }
            }
        }
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("microgpt: neither --data nor --text is given"), said);
    }
}
