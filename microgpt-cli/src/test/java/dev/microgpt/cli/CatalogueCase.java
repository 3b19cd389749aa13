package dev.microgpt.cli;

import dev.microgpt.cli.failure.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One bad input, or one that is odd but taken.
 *
 * @param exitCode    what the program must end with
 * @param line        the words of the command line; {@code $} stands for the folder of the inputs, {@code ~} for a
 *     space, and U+DC80 to U+DCFF for a byte that is not UTF-8
 * @param processOnly whether it needs a process of its own
 * @param named       what the message must show, each of it
 */
record CatalogueCase(int exitCode, String line, boolean processOnly, List<String> named) {
    /** An input that must be refused. */
    static CatalogueCase refused(int exitCode, String line, String... named) {
        return new CatalogueCase(exitCode, line, false, List.of(named));
    }

    /** An input that must be refused, which no test can give to the program inside its own JVM. */
    static CatalogueCase refusedProcess(int exitCode, String line, String... named) {
        return new CatalogueCase(exitCode, line, true, List.of(named));
    }

    /** An input that must be taken, with a word about it on standard error. */
    static CatalogueCase taken(String line, String... named) {
        return new CatalogueCase(ExitCode.DONE, line, true, List.of(named));
    }

    boolean isRefusal() {
        return exitCode != ExitCode.DONE;
    }

    /** The same in a folder. */
    CatalogueCase in(Path folder) {
        List<String> shown = new ArrayList<>();
        for (String part : named) {
            shown.add(part.replace("$", folder.toString()));
        }
        return new CatalogueCase(exitCode, line, processOnly, shown);
    }

    /** The arguments. What trains writes to {@code $/out}, unless the case names another folder. */
    List<String> args(Path folder) {
        List<String> args = new ArrayList<>();
        for (String word : line.isEmpty() ? new String[0] : line.split(" ", -1)) {
            args.add(word.replace("$", folder.toString()).replace('~', ' '));
        }
        if (line.startsWith("train ") && !line.contains("--out") && !line.contains("--resume")) {
            args.addAll(1, List.of("--out", folder.resolve("out").toString()));
        }
        return args;
    }
}
