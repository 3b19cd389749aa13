package dev.microgpt.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mistake that someone could make in the main sources, and the test that has to notice it.
 *
 * @param name       what is wrong
 * @param edits      what the mistake changes
 * @param test       the class that has to fail, in which module, perhaps one method of it
 * @param everyBuild whether each build tries it, rather than nightly ones
 */
record Fault(String name, List<Edit> edits, TestName test, boolean everyBuild) {
    /**
     * Some lines that become others.
     *
     * @param source      the file, from the project's folder on
     * @param original    what stands there, once, without indentation
     * @param replacement what the mistake makes of it
     */
    record Edit(String source, List<String> original, List<String> replacement) {}

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
     * Returns the sources that the fault changes, with it in them.
     *
     * @throws IllegalStateException if an original is not in its file, or not once
     */
    Map<Path, String> plantedIn(Path project) throws IOException {
        Map<Path, String> planted = new LinkedHashMap<>();
        for (Edit edit : edits) {
            Path file = project.resolve(edit.source());
            String text = planted.containsKey(file) ? planted.get(file) : Files.readString(file);
            planted.put(file, planted(edit, text));
        }
        return planted;
    }

    private String planted(Edit edit, String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int count = edit.original().size();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i + count <= lines.size(); i++) {
            if (lines.subList(i, i + count).stream().map(String::strip).toList().equals(edit.original())) {
                places.add(i);
            }
        }
        if (places.size() != 1) {
            throw new IllegalStateException(edit.source() + ": found " + places.size()
                    + " times, expected once, for the fault \"" + name + "\":\n" + String.join("\n", edit.original()));
        }
        List<String> at = lines.subList(places.get(0), places.get(0) + count);
        at.clear();
        at.addAll(edit.replacement());
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return name;
    }
}
