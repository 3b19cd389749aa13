package dev.microgpt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the proofs of a build found: one line each, in files that they publish as JUnit has it. */
final class Figures {
    /** The name of such a file, in a folder of the test's name. */
    private static final String FILE = "figure.txt";

    private static final Path PUBLISHED = Path.of("target", "junit-jupiter");

    /** {@code <!-- figure NAME -->TEXT<!-- end -->}, where NAME is CLASS or CLASS/METHOD. */
    private static final Pattern PLACE = Pattern.compile("<!-- figure ([\\w/]+) -->(.*?)<!-- end -->");

    private Figures() {}

    /** Returns the lines by the names of their tests: the class, or class and method; those of two modules in order. */
    static Map<String, String> of(Path project) throws IOException {
        Map<String, String> figures = new TreeMap<>();
        for (Path module : modules(project)) {
            Path published = module.resolve(PUBLISHED);
            if (Files.isDirectory(published)) {
                for (Path file : filesIn(published)) {
                    figures.put(
                            name(published.relativize(file)),
                            Files.readString(file).strip());
                }
            }
        }
        return figures;
    }

    private static List<Path> modules(Path project) throws IOException {
        try (Stream<Path> folders = Files.list(project)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> filesIn(Path published) throws IOException {
        try (Stream<Path> files = Files.walk(published)) {
            return files.filter(file -> file.endsWith(FILE)).sorted().toList();
        }
    }

    /** {@code dev.microgpt.x.SomeTest/method(TestReporter)/figure.txt} is of {@code SomeTest/method}. */
    private static String name(Path file) {
        String type = file.getName(0).toString();
        String name = type.substring(type.lastIndexOf('.') + 1);
        return file.getNameCount() == 2
                ? name
                : name + "/" + file.getName(1).toString().replaceAll("\\(.*", "");
    }

    /** Returns the names that a document has places for, and what stands there. */
    static Map<String, String> placesIn(String document) {
        Map<String, String> places = new TreeMap<>();
        Matcher place = PLACE.matcher(document);
        while (place.find()) {
            places.put(place.group(1), place.group(2));
        }
        return places;
    }

    /** Writes figures into the places of a document; a place without a figure stays as it is. */
    static String write(String document, Map<String, String> figures) {
        UnaryOperator<String> inCell = text -> text.replace("|", "\\|").replaceAll("\\s*\n\\s*", "; ");
        return PLACE.matcher(document).replaceAll((MatchResult place) -> {
            String figure = figures.get(place.group(1));
            String text = figure == null ? place.group(2) : inCell.apply(figure);
            return Matcher.quoteReplacement("<!-- figure " + place.group(1) + " -->" + text + "<!-- end -->");
        });
    }
}
