package dev.microgpt.cli;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.terminal.Terminal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Command lines with options: parsed by picocli, with error messages in this program's form. */
final class CommandLines {
    private CommandLines() {}

    /**
     * The program itself, with the options that every command inherits. They name their default, or picocli would
     * negate a flag that is given both before the command and after it.
     */
    @CommandLine.Command(
            name = "microgpt",
            description = "Train and run small GPT models. microgpt COMMAND --help describes a command.",
            footer = {
                "",
                "A command that takes long continues in a second JVM, with faster kernels and the same results."
                        + " Set the environment variable " + Launcher.VARIABLE + "=0 to prevent this."
            })
    private static final class Root {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                defaultValue = "false",
                description = "Print this help.")
        private boolean help;

        @Option(
                names = "--version",
                versionHelp = true,
                scope = ScopeType.INHERIT,
                defaultValue = "false",
                description = "Print the version of the program, the kernels and the Java version.")
        private boolean version;

        @Option(
                names = "--quiet",
                scope = ScopeType.INHERIT,
                defaultValue = "false",
                description = "Print only results and errors.")
        private boolean quiet;

        @Option(
                names = "--stacktrace",
                scope = ScopeType.INHERIT,
                defaultValue = "false",
                description = "Print the stack trace of an error.")
        private boolean stackTrace;
    }

    /** Parses and runs a command line, and returns the exit code. */
    static int execute(Terminal terminal, String... args) {
        Root root = new Root();
        try {
            List<CommandLine> used = parse(root, args);
            return run(terminal, root, used.get(used.size() - 1), args);
        } catch (ParameterException wrong) {
            return Failures.report(terminal, refusal(wrong), false);
        }
    }

    /** Returns the command of a command line, which must not ask for help. */
    static Object command(String... args) {
        try {
            List<CommandLine> used = parse(new Root(), args);
            return used.get(used.size() - 1).getCommand();
        } catch (ParameterException wrong) {
            throw refusal(wrong);
        }
    }

    private static List<CommandLine> parse(Root root, String... args) {
        Commands.@Nullable Entry named = args.length == 0 ? null : Commands.named(args[0]);
        CommandLine line = parser(root, named == null ? Commands.TABLE : List.of(named));
        ParseResult result = line.parseArgs(normalized(line, args));
        for (ParseResult used = result; used != null; used = used.subcommand()) {
            checkRanges(used);
        }
        return result.asCommandLineList();
    }

    /** Returns a parser for all commands of the table. */
    static CommandLine parser() {
        return parser(new Root(), Commands.TABLE);
    }

    /** Reading the options of a command takes milliseconds, so only those that can be meant are given. */
    private static CommandLine parser(Root root, List<Commands.Entry> commands) {
        CommandLine line = new CommandLine(root);
        line.setExpandAtFiles(false);
        add(line, commands);
        Converters.register(line);
        return line;
    }

    private static void add(CommandLine line, List<Commands.Entry> commands) {
        line.getCommandSpec().usageMessage().sortOptions(false).synopsisSubcommandLabel("COMMAND");
        for (Commands.Entry entry : commands) {
            Command command = entry.create();
            if (command != null) {
                command.describeOptions();
            }
            CommandLine subcommand = new CommandLine(command == null ? CommandSpec.create() : command);
            line.addSubcommand(entry.name(), subcommand);
            add(subcommand, entry.subcommands());
            CommandSpec spec = subcommand.getCommandSpec();
            if (command == null) {
                String help = spec.qualifiedName() + " COMMAND --help describes a command.";
                spec.usageMessage().description(entry.description() + " " + help);
            }
        }
    }

    private static int run(Terminal terminal, Root root, CommandLine line, String... args) {
        if (root.help) {
            terminal.print(line.getUsageMessage(Ansi.OFF).stripTrailing());
            return ExitCode.DONE;
        }
        if (root.version) {
            terminal.print(Version.text());
            return ExitCode.DONE;
        }
        if (root.quiet) {
            terminal.beQuiet();
        }
        if (line.getCommand() instanceof Command command) {
            return Commands.run(command, terminal, root.stackTrace, args);
        }
        terminal.complain(line.getUsageMessage(Ansi.OFF).stripTrailing());
        return ExitCode.USAGE;
    }

    /** nanoGPT's options have underscores; both forms of ours are accepted. Anything else stays as it is. */
    private static String[] normalized(CommandLine line, String... args) {
        Set<String> names = new HashSet<>();
        addOptionNames(names, line);
        String[] normalized = args.clone();
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            int end = equals < 0 ? args[i].length() : equals;
            String name = args[i].substring(0, end).replace('_', '-');
            if (names.contains(name) || names.contains(name.replaceFirst("^--no-", "--"))) {
                normalized[i] = name + args[i].substring(end);
            }
        }
        return normalized;
    }

    private static void addOptionNames(Set<String> names, CommandLine line) {
        names.addAll(line.getCommandSpec().optionsMap().keySet());
        for (CommandLine subcommand : line.getSubcommands().values()) {
            addOptionNames(names, subcommand);
        }
    }

    private static void checkRanges(ParseResult result) {
        for (ArgSpec arg : result.matchedArgs()) {
            if (!Converters.isInRange(arg)) {
                List<String> values = arg.stringValues();
                String value = values.get(values.size() - 1);
                throw new ParameterException(
                        result.commandSpec().commandLine(), mustBe(arg, Converters.rule(arg, value), value));
            }
        }
    }

    private static CliException refusal(ParameterException wrong) {
        if (wrong.getCause() instanceof CliException complete) {
            return complete;
        }
        CommandLine line = wrong.getCommandLine();
        String lists = line.getSubcommands().isEmpty() ? " --help lists the options" : " --help lists the commands";
        return new CliException(
                ExitCode.USAGE, describe(wrong), line.getCommandSpec().qualifiedName() + lists);
    }

    private static String describe(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            return UnknownArgument.describe(unmatched.getCommandLine(), first, unmatched.isUnknownOption());
        }
        if (wrong instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return describe(missing);
        }
        if (wrong instanceof OverwrittenOptionException twice && twice.getOverwritten() instanceof OptionSpec option) {
            return option.longestName() + " must be given only once, but is given twice";
        }
        ArgSpec arg = wrong.getArgSpec();
        if (wrong.getCause() instanceof TypeConversionException conversion && arg != null) {
            String value = String.valueOf(wrong.getValue());
            String range = Converters.rule(arg, value);
            String rule = range == null ? conversion.getMessage() : range;
            return mustBe(arg, arg.typeInfo().isBoolean() ? "true or false, or have no value" : rule, value);
        }
        return String.valueOf(wrong.getMessage());
    }

    private static String mustBe(ArgSpec arg, @Nullable String rule, String value) {
        return name(arg) + " must be " + rule + ", but is \"" + value + "\"";
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    private static String describe(MissingParameterException missing) {
        ArgSpec first = missing.getMissing().get(0);
        if (first instanceof OptionSpec option) {
            String name = option.longestName();
            return name + (option.required() ? " is missing" : " has no value") + ", but must be given as " + name + " "
                    + option.paramLabel();
        }
        StringJoiner all = new StringJoiner(" ");
        missing.getCommandLine().getCommandSpec().positionalParameters().forEach(each -> all.add(each.paramLabel()));
        return first.paramLabel() + " is missing, but the arguments must be " + all;
    }
}
