package dev.microgpt.cli;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.command.DataCommand;
import dev.microgpt.cli.command.EvalCommand;
import dev.microgpt.cli.command.ExportCommand;
import dev.microgpt.cli.command.ImportCommand;
import dev.microgpt.cli.command.InfoCommand;
import dev.microgpt.cli.command.SampleCommand;
import dev.microgpt.cli.command.TokenizerCommand;
import dev.microgpt.cli.command.TrainCommand;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.terminal.Terminal;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Command lines with options: parsed by picocli, with messages of this program's form. */
final class CommandLines {
    private CommandLines() {}

    /** The program without a command. */
    @CommandLine.Command(
            name = "microgpt",
            sortOptions = false,
            synopsisSubcommandLabel = "COMMAND",
            description = "Trains and runs a small GPT. microgpt COMMAND --help says more.",
            footer = {
                "",
                "A command that takes long goes on in a second JVM, with faster kernels and the same results."
                        + " The environment variable " + Launcher.VARIABLE + "=0 forbids it."
            })
    private static final class Root {}

    /** Parses and runs, and returns the exit code. */
    static int execute(Terminal terminal, String... args) {
        CommandLine line = new CommandLine(new Root());
        line.setExpandAtFiles(false);
        addCommands(line, args);
        addCommonOptions(line);
        try {
            ParseResult result = line.parseArgs(normalized(args));
            return run(terminal, result, args);
        } catch (ParameterException wrong) {
            return refuse(terminal, wrong);
        }
    }

    /** Each command takes milliseconds to look into; those that cannot be meant are left out. */
    private static void addCommands(CommandLine line, String... args) {
        Command named = args.length == 0 ? null : Commands.named(args[0]);
        if (named != null) {
            line.addSubcommand(named);
            return;
        }
        line.addSubcommand(new TrainCommand());
        line.addSubcommand(new SampleCommand());
        line.addSubcommand(new EvalCommand());
        line.addSubcommand(new InfoCommand());
        line.addSubcommand(new DataCommand());
        line.addSubcommand(new TokenizerCommand());
        line.addSubcommand(new ImportCommand());
        line.addSubcommand(new ExportCommand());
    }

    private static void addCommonOptions(CommandLine line) {
        line.addMixin("common", new CommonOptions());
        for (CommandLine subcommand : line.getSubcommands().values()) {
            addCommonOptions(subcommand);
        }
    }

    private static int run(Terminal terminal, ParseResult result, String... args) {
        boolean help = false;
        boolean version = false;
        boolean quiet = false;
        boolean stackTrace = false;
        CommandLine line = result.commandSpec().commandLine();
        for (CommandLine used : result.asCommandLineList()) {
            CommonOptions common =
                    (CommonOptions) used.getCommandSpec().mixins().get("common").userObject();
            help |= common.help;
            version |= common.version;
            quiet |= common.quiet;
            stackTrace |= common.stackTrace;
            line = used;
        }
        if (help) {
            terminal.print(line.getUsageMessage(Ansi.OFF).stripTrailing());
            return ExitCode.DONE;
        }
        if (version) {
            terminal.print(Version.text());
            return ExitCode.DONE;
        }
        if (quiet) {
            terminal.beQuiet();
        }
        if (line.getCommand() instanceof Command command) {
            return Commands.run(command, terminal, stackTrace, args);
        }
        terminal.complain(line.getUsageMessage(Ansi.OFF).stripTrailing());
        return ExitCode.USAGE;
    }

    /** nanoGPT's options have underscores; both forms are accepted. */
    private static String[] normalized(String... args) {
        String[] normalized = args.clone();
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--")) {
                int equals = args[i].indexOf('=');
                int end = equals < 0 ? args[i].length() : equals;
                normalized[i] = args[i].substring(0, end).replace('_', '-') + args[i].substring(end);
            }
        }
        return normalized;
    }

    private static int refuse(Terminal terminal, ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        String command = line.getCommandSpec().qualifiedName();
        CliException failure =
                new CliException(ExitCode.USAGE, describe(wrong), command + " --help lists what there is");
        return Failures.report(terminal, failure, false);
    }

    private static String describe(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return describe(unmatched);
        }
        if (wrong instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return describe(missing);
        }
        if (wrong instanceof OverwrittenOptionException twice && twice.getOverwritten() instanceof OptionSpec option) {
            return option.longestName() + ": found twice, expected once";
        }
        if (wrong.getCause() instanceof TypeConversionException conversion
                && wrong.getArgSpec() instanceof OptionSpec option) {
            boolean isFlag = option.typeInfo().isBoolean();
            return option.longestName() + ": "
                    + (isFlag
                            ? "found \"" + wrong.getValue() + "\", expected true, false or no value"
                            : conversion.getMessage());
        }
        return String.valueOf(wrong.getMessage());
    }

    private static String describe(UnmatchedArgumentException unmatched) {
        String found = unmatched.getUnmatched().get(0);
        List<String> suggestions = unmatched.getSuggestions();
        if (suggestions.contains(found)) { // an option of this very name
            return "unknown argument " + found + ", for what comes after -- is no option";
        }
        String what = unmatched.isUnknownOption() ? "option" : "command or argument";
        String meant = suggestions.isEmpty() ? "" : ", did you mean " + suggestions.get(0) + "?";
        return "unknown " + what + " " + (found.isEmpty() ? "\"\"" : found) + meant;
    }

    private static String describe(MissingParameterException missing) {
        ArgSpec first = missing.getMissing().get(0);
        if (first instanceof OptionSpec option) {
            return option.longestName() + ": found no value, expected " + option.paramLabel();
        }
        StringJoiner all = new StringJoiner(" ");
        missing.getCommandLine().getCommandSpec().positionalParameters().forEach(each -> all.add(each.paramLabel()));
        return "found no " + first.paramLabel() + ", expected " + all;
    }
}
