package dev.microgpt.cli;

/** The exit codes of the program; README lists them. */
final class ExitCode {
    static final int DONE = 0;
    static final int BUG = 1;
    static final int USAGE = 2;
    static final int MEMORY = 3;
    static final int CONTENT = 4;
    static final int IO = 5;
    static final int DIVERGED = 6;
    static final int FOLDER_IN_USE = 7;

    private ExitCode() {}
}
