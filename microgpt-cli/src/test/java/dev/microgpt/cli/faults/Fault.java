package dev.microgpt.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mistake that someone could make in the main sources, and the test that has to notice it.
 *
 * @param name        what is wrong
 * @param source      the file, from the project's folder on
 * @param original    what stands there, once
 * @param replacement what the mistake makes of it
 * @param test        the class that has to fail, in which module, perhaps one method of it
 * @param everyBuild  whether each build tries it, rather than nightly ones
 */
record Fault(String name, String source, String original, String replacement, TestName test, boolean everyBuild) {
    /**
     * Where a test is.
     *
     * @param module the folder of its module
     * @param type   the simple name of its class
     * @param method the name of a method, or empty for all
     */
    record TestName(String module, String type, String method) {
        @Override
        public String toString() {
            return module + " " + type + (method.isEmpty() ? "" : "#" + method);
        }
    }

    /**
     * Reads faults, of which each is
     *
     * <pre>
     * # what is wrong
     * in FILE
     * - a line of the original, without its indentation
     * + what it becomes, any number of either
     * caught by MODULE TEST, in every build
     * </pre>
     *
     * where TEST is a class or {@code Class#method}, and the last words may be missing.
     */
    static List<Fault> read(Path file) throws IOException {
        List<Fault> faults = new ArrayList<>();
        String name = "";
        String source = "";
        List<String> original = new ArrayList<>();
        List<String> replacement = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.startsWith("# ")) {
                name = line.substring(2);
                original.clear();
                replacement.clear();
            } else if (line.startsWith("in ")) {
                source = line.substring(3);
            } else if (line.startsWith("- ")) {
                original.add(line.substring(2));
            } else if (line.startsWith("+")) {
                replacement.add(line.substring(1).strip());
            } else if (line.startsWith("caught by ")) {
                TestName test = test(line, file + ":" + number);
                String from = String.join("\n", original);
                String to = String.join("\n", replacement);
                faults.add(new Fault(name, source, from, to, test, line.endsWith(EVERY_BUILD)));
            } else if (!line.isBlank()) {
                throw new IOException(file + ":" + number + ": found \"" + line + "\", expected a line of a fault");
            }
        }
        return faults;
    }

    private static final String EVERY_BUILD = ", in every build";

    private static TestName test(String line, String place) throws IOException {
        String[] words =
                line.replace(EVERY_BUILD, "").substring("caught by ".length()).split(" ");
        if (words.length != 2) {
            throw new IOException(place + ": found \"" + line + "\", expected caught by MODULE TEST");
        }
        String[] parts = words[1].split("#");
        return new TestName(words[0], parts[0], parts.length > 1 ? parts[1] : "");
    }

    /**
     * Returns the source with the fault in it.
     *
     * @throws IllegalStateException if the original is not in the file, or not once
     */
    String plantedIn(Path project) throws IOException {
        String text = Files.readString(project.resolve(source));
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        List<String> wanted = List.of(original.split("\n"));
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i + wanted.size() <= lines.size(); i++) {
            int from = i;
            if (wanted.equals(lines.subList(from, from + wanted.size()).stream()
                    .map(String::strip)
                    .toList())) {
                places.add(i);
            }
        }
        if (places.size() != 1) {
            throw new IllegalStateException(source + ": found " + places.size()
                    + " times, expected once, for the fault \"" + name + "\":\n" + original);
        }
        List<String> at = lines.subList(places.get(0), places.get(0) + wanted.size());
        at.clear();
        at.add(replacement);
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return name;
    }
}
