package dev.microgpt.cli.run;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.terminal.Format;
import java.util.List;

/** The command line that resumes a stopped run: the one that started it, plus {@code --resume}. */
public final class ResumeCommand {
    private static final String RESUME = "--resume";
    private static final String INIT_FROM = "--init-from";

    private ResumeCommand() {}

    /**
     * Returns the command, quoted for a shell.
     *
     * @param args   the command line of this process
     * @param folder the folder of the run
     */
    public static String of(List<String> args, RunFolder folder) {
        StringBuilder command = new StringBuilder("microgpt");
        boolean hasFolder = false;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String name = arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg;
            boolean hasValue = !name.equals(arg);
            if (name.equals(INIT_FROM) && !hasValue) {
                i++;
            } else if (name.equals(RESUME) && !hasValue) {
                i += i + 1 < args.size() && !args.get(i + 1).startsWith("-") ? 1 : 0;
            } else if (!name.equals(INIT_FROM) && !name.equals(RESUME) && !name.equals("--overwrite")) {
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
}
