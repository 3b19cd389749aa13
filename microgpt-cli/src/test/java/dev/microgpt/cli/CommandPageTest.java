package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.jvm.Launcher;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** docs/cli.md names every command, option, exit code, environment variable and system property, and no other. */
class CommandPageTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path PAGE = PROJECT.resolve("docs/cli.md");

    /** A part of the page that is written from the help. */
    private static final Pattern PART =
            Pattern.compile("(<!-- begin ([a-z0-9 ]+) -->\n\n).*?(\n\n<!-- end \\2 -->)", Pattern.DOTALL);

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Handed to the second JVM by the first, not by users. */
    private static final Set<String> INTERNAL = Set.of("microgpt.first.pid", "microgpt.first.terminal");

    private static String page() throws IOException {
        return Files.readString(PAGE).replace("\r\n", "\n");
    }

    /** The first column of the table under a heading, without its head. */
    private static Set<String> rows(String heading, Pattern cell) throws IOException {
        String page = page();
        int start = page.indexOf("\n## " + heading + "\n");
        assertTrue(start >= 0, "docs/cli.md must have the heading " + heading);
        int end = page.indexOf("\n## ", start + 1);
        Set<String> found = new TreeSet<>();
        for (String line : page.substring(start, end < 0 ? page.length() : end).split("\n")) {
            if (line.startsWith("| ")) {
                cell.matcher(line.split(" \\| ")[0]).results().forEach(each -> found.add(each.group(1)));
            }
        }
        return found;
    }

    @Test
    void theTablesAreThoseOfTheHelp() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        expected.put("every command", table(CommandLines.parser(), false));
        addTables(expected, "", CommandLines.parser());
        Set<String> missing = new TreeSet<>(expected.keySet());
        Set<String> unknown = new TreeSet<>();
        Function<MatchResult, String> replacement = part -> {
            String name = part.group(2);
            if (!missing.remove(name)) {
                unknown.add(name);
            }
            return Matcher.quoteReplacement(part.group(1) + expected.getOrDefault(name, "") + part.group(3));
        };
        String page = page();
        String written = PART.matcher(page).replaceAll(replacement);
        assertEquals(Set.of(), missing, "commands for which docs/cli.md lacks <!-- begin NAME --> … <!-- end NAME -->");
        assertEquals(Set.of(), unknown, "marks of docs/cli.md that belong to no command");
        Files.writeString(Path.of("target", "cli.md"), written);
        assertEquals(written, page, "docs/cli.md differs from the help: cp microgpt-cli/target/cli.md docs/cli.md");
    }

    private static void addTables(Map<String, String> tables, String above, CommandLine line) {
        line.getSubcommands().forEach((name, subcommand) -> {
            if (subcommand.getSubcommands().isEmpty()) {
                String[] description =
                        subcommand.getCommandSpec().usageMessage().description();
                tables.put(above + name, prose(String.join(" ", description)) + "\n\n" + table(subcommand, true));
            } else {
                addTables(tables, above + name + " ", subcommand);
            }
        });
    }

    private static String table(CommandLine line, boolean ofOneCommand) {
        StringBuilder table = new StringBuilder("| option | purpose |\n| --- | --- |");
        for (PositionalParamSpec argument : line.getCommandSpec().positionalParameters()) {
            addRow(table, argument.required() ? argument.paramLabel() : "[" + argument.paramLabel() + "]", argument);
        }
        for (OptionSpec option : line.getCommandSpec().options()) {
            if (!(ofOneCommand && option.inherited())) {
                String value = "=" + option.paramLabel();
                if (option.typeInfo().isBoolean()) {
                    value = "";
                } else if (option.arity().min() == 0) {
                    value = "[" + value + "]";
                }
                String name = String.join(", ", option.names()) + value;
                addRow(table, option.negatable() ? name.replace("--", "--[no-]") : name, option);
            }
        }
        return table.toString();
    }

    private static void addRow(StringBuilder table, String name, ArgSpec arg) {
        table.append("\n| `").append(name.replace("|", "\\|")).append("` | ");
        table.append(prose(String.join(" ", arg.description())));
        table.append(arg.required() ? " Required. |" : " |");
    }

    private static String prose(String help) {
        return help.replaceAll("[\\\\*|<]", "\\\\$0").replaceAll("--[a-z][a-z0-9-]*", "`$0`");
    }

    @Test
    void everyCommandHasARow() throws IOException {
        Map<String, String> tables = new TreeMap<>();
        addTables(tables, "", CommandLines.parser());
        assertEquals(tables.keySet(), rows("Commands", CODE));
    }

    @Test
    void everyExitCodeHasARow() throws Exception {
        Set<String> codes = new TreeSet<>(Set.of("129", "130", "143")); // 128 and the number of the signal
        for (Field code : ExitCode.class.getFields()) {
            codes.add(String.valueOf(code.getInt(null)));
        }
        assertEquals(codes, rows("Exit codes", Pattern.compile("(\\d+)")));
    }

    @Test
    void everyVariableAndPropertyHasARow() throws IOException {
        Set<String> variables = new TreeSet<>(Set.of(Launcher.VARIABLE));
        Set<String> properties = new TreeSet<>();
        for (String module : new String[] {"autograd", "model", "train", "cli"}) {
            try (Stream<Path> sources = Files.walk(PROJECT.resolve("microgpt-" + module + "/src/main/java"))) {
                for (Path source : sources.filter(Files::isRegularFile).toList()) {
                    String java = Files.readString(source);
                    add(variables, java, "(?:getenv\\(|environment\\.get(?:OrDefault)?\\()\"([A-Z_]+)\"");
                    add(properties, java, "\"(microgpt(?:\\.[a-z]+)+)\"");
                }
            }
        }
        add(variables, Files.readString(PROJECT.resolve("microgpt")), "(MICROGPT_\\w+|JAVA_HOME)");
        add(variables, Files.readString(PROJECT.resolve("microgpt.cmd")), "(MICROGPT_\\w+|JAVA_HOME)");
        variables.remove("COMPUTERNAME"); // Windows sets it
        assertTrue(properties.removeAll(INTERNAL));
        assertEquals(variables, rows("Environment variables", CODE));
        assertEquals(properties, rows("System properties", Pattern.compile("`-D([a-z.]+)")));
    }

    private static void add(Set<String> found, String text, String pattern) {
        Pattern.compile(pattern).matcher(text).results().forEach(each -> found.add(each.group(1)));
    }
}
