package dev.microgpt.cli.run;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.terminal.Format;
import java.util.List;

/** The command line that resumes a stopped run: the one that started it, plus {@code --resume}. */
public final class ResumeCommand {
    private static final String RESUME = "--resume";
    private static final String INIT_FROM = "--init-from";

    /** The options, with values, that end a run. */
    private static final List<String> ENDS = List.of("--steps", "--patience");

    private ResumeCommand() {}

    /** Returns how the user calls this program, quoted for a shell: as the start script says, or by its name. */
    static String program() {
        return Format.quotedForShell(System.getProperty("microgpt.command", "microgpt"));
    }

    /** Returns the command that starts a run, quoted for a shell. */
    public static String start(List<String> args) {
        StringBuilder command = new StringBuilder(program());
        for (String arg : args) {
            command.append(' ').append(Format.quotedForShell(arg));
        }
        return command.toString();
    }

    /**
     * Returns the command, quoted for a shell.
     *
     * @param args   the command line of this process
     * @param folder the folder of the run
     */
    public static String of(List<String> args, RunFolder folder) {
        return of(args, folder, List.of());
    }

    /** Returns the command without the options that end the run, and without {@code --extend}. */
    public static String toTrainOn(List<String> args, RunFolder folder) {
        return of(args, folder, ENDS);
    }

    private static String of(List<String> args, RunFolder folder, List<String> omitted) {
        StringBuilder command = new StringBuilder(program());
        boolean hasFolder = false;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean hasValue = arg.contains("=");
            // underscores are accepted in place of dashes
            String name = (hasValue ? arg.substring(0, arg.indexOf('=')) : arg).replace('_', '-');
            if ((name.equals(INIT_FROM) || omitted.contains(name)) && !hasValue) {
                i++;
            } else if (name.equals(RESUME) && !hasValue) {
                i += i + 1 < args.size() && !args.get(i + 1).startsWith("-") ? 1 : 0;
            } else if (!isOmitted(name, omitted)) {
                hasFolder |= name.equals("--out");
                command.append(' ').append(Format.quotedForShell(arg));
            }
        }
        command.append(' ').append(RESUME);
        if (!hasFolder && !folder.path().equals(RunOptions.USUAL_FOLDER)) {
            command.append(' ').append(Format.quotedForShell(folder.path().toString()));
        }
        return command.toString();
    }

    private static boolean isOmitted(String name, List<String> omitted) {
        return name.equals(INIT_FROM)
                || name.equals(RESUME)
                || name.equals("--overwrite")
                || omitted.contains(name)
                || !omitted.isEmpty() && name.equals("--extend");
    }
}
