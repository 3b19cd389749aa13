package dev.microgpt.cli.failure;

/** The exit codes of the program, as docs/cli.md lists them. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int BUG = 1;
    public static final int USAGE = 2;
    public static final int MEMORY = 3;
    public static final int CONTENT = 4;
    public static final int IO = 5;
    public static final int DIVERGED = 6;
    public static final int FOLDER_IN_USE = 7;

    private ExitCode() {}
}
