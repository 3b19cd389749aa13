package dev.microgpt.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text of faults, of which each is
 *
 * <pre>
 * # what is wrong
 * in FILE
 * - a line of the original, without its indentation
 * + what it becomes, any number of either
 * caught by MODULE TEST, in every build
 * </pre>
 *
 * where TEST is a class or {@code Class#method}, the last words may be missing, and there may be more files.
 */
final class FaultFile {
    private static final String CAUGHT_BY = "caught by ";
    private static final String EVERY_BUILD = ", in every build";

    private final Path file;
    private final List<Fault> faults = new ArrayList<>();
    private String name = "";
    private List<Fault.Edit> edits = new ArrayList<>();

    private FaultFile(Path file) {
        this.file = file;
    }

    /** Reads all faults of a file. */
    static List<Fault> read(Path file) throws IOException {
        FaultFile content = new FaultFile(file);
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            content.take(line, ++number);
        }
        return content.faults;
    }

    private void take(String line, int number) throws IOException {
        if (line.startsWith("# ")) {
            name = line.substring(2);
            edits = new ArrayList<>();
        } else if (line.startsWith("in ")) {
            edits.add(new Fault.Edit(line.substring(3), new ArrayList<>(), new ArrayList<>()));
        } else if (line.startsWith("- ")) {
            edits.get(edits.size() - 1).original().add(line.substring(2));
        } else if (line.startsWith("+")) {
            edits.get(edits.size() - 1).replacement().add(line.substring(1).strip());
        } else if (line.startsWith(CAUGHT_BY)) {
            faults.add(new Fault(name, edits, test(line, number), line.endsWith(EVERY_BUILD)));
        } else if (!line.isBlank()) {
            throw new IOException(file + ":" + number + ": found \"" + line + "\", expected a line of a fault");
        }
    }

    private Fault.TestName test(String line, int number) throws IOException {
        String[] words =
                line.replace(EVERY_BUILD, "").substring(CAUGHT_BY.length()).split(" ");
        if (words.length != 2) {
            throw new IOException(
                    file + ":" + number + ": found \"" + line + "\", expected " + CAUGHT_BY + "MODULE TEST");
        }
        String[] parts = words[1].split("#");
        return new Fault.TestName(words[0], parts[0], parts.length > 1 ? parts[1] : "");
    }
}
