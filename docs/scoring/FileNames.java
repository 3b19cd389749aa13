import java.io.IOException;
import java.nio.file.*;
import java.util.*;

/**
 * Writes the file names of an office that does not exist, and odd ones of several kinds: the same on every machine.
 *
 * <p>Its files are those of {@code Roc}: train.txt, calibration.txt, test.txt, drift.txt, mixed.txt and odd/KIND.txt.
 */
public final class FileNames {
    static final String[] NOUNS = ("user order account invoice report session token image cache query index table"
            + " event message payment product customer address region stock price budget contract project employee"
            + " vendor ticket backup upload schema metric alert holiday meeting travel salary audit policy archive"
            + " route").split(" ");
    static final String[] VERBS = "load parse send export import check merge clean build find sort print".split(" ");
    static final String[] ROLES = "Service Controller Factory Parser Test View Mapper Config".split(" ");
    static final String[] SHORT = "README.md LICENSE Makefile notes.txt todo.txt a.c io.h pom.xml".split(" ");
    static final String[] ENDS = {".jpg", ".java", ".py", ".pdf", ".docx", ".log", ".log.gz", ".jar"};
    static final String KEYS = "abcdefghijklmnopqrstuvwxyz0123456789";
    static final List<String> KINDS =
            List.of("random", "alphabet", "extension", "double", "style", "order", "swap", "cut", "date");

    private final Random random;
    private int year = 2015, years = 10;

    FileNames(long seed) { random = new Random(seed); }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "target/file-names");
        Files.createDirectories(folder.resolve("odd"));
        write(folder.resolve("train.txt"), new FileNames(1).normal(20000));
        write(folder.resolve("calibration.txt"), new FileNames(2).normal(5000));
        write(folder.resolve("test.txt"), new FileNames(3).normal(10000));
        FileNames later = new FileNames(4);
        later.year = 2025;
        later.years = 2;
        write(folder.resolve("drift.txt"), later.normal(2000));
        List<String> mixed = new FileNames(5).normal(4);
        for (String kind : KINDS) {
            List<String> odd = new FileNames(6 + KINDS.indexOf(kind)).odd(kind, 500);
            write(folder.resolve("odd/" + kind + ".txt"), odd);
            mixed.add(odd.get(0));
        }
        write(folder.resolve("mixed.txt"), mixed);
        System.out.println("20000 lines to train, 5000 to calibrate, 10000 to test, " + KINDS.size() + " x 500 odd");
    }

    static void write(Path file, List<String> lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    List<String> normal(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) { lines.add(normal()); }
        return lines;
    }

    /** Returns one line: 3 of 1000 are core dumps, 5 of 100 short names. */
    String normal() {
        int kind = random.nextInt(1000);
        return kind < 3 ? "core." + (1000 + random.nextInt(30000)) : kind < 50 ? pick(SHORT) : usual();
    }

    /** Returns a line that has a date, a word or a number in a pattern. */
    String usual() {
        int kind = random.nextInt(100);
        if (kind < 25) {
            return "IMG_" + date("") + "_" + two(random.nextInt(24)) + two(random.nextInt(60))
                    + two(random.nextInt(60)) + ".jpg";
        } else if (kind < 45) {
            return capital(noun()) + (random.nextBoolean() ? capital(noun()) : "") + pick(ROLES) + ".java";
        } else if (kind < 60) {
            return pick(VERBS) + "_" + noun() + (random.nextInt(3) == 0 ? "_" + noun() : "") + ".py";
        } else if (kind < 68) {
            return noun() + "_report_" + year() + "_q" + (1 + random.nextInt(4)) + ".pdf";
        } else if (kind < 75) {
            return "invoice-" + year() + "-" + (10000 + random.nextInt(5000)) + ".pdf";
        } else if (kind < 80) {
            return noun() + "-minutes-" + date("-") + ".docx";
        } else if (kind < 92) {
            return "server-" + date("-") + (random.nextBoolean() ? ".log.gz" : ".log");
        }
        return noun() + "-" + noun() + "-" + random.nextInt(4) + "." + random.nextInt(20) + "." + random.nextInt(9)
                + ".jar";
    }

    List<String> odd(String kind, int count) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            String line = usual();
            String odd = odd(kind, line);
            if (!odd.equals(line)) { lines.add(odd); }
        }
        return lines;
    }

    /** Returns an odd line made of a usual one; the same line if it cannot be made odd in this way. */
    String odd(String kind, String line) {
        String end = Arrays.stream(ENDS).filter(line::endsWith).max(Comparator.comparing(String::length)).orElseThrow();
        String stem = line.substring(0, line.length() - end.length());
        switch (kind) {
            case "random": { // as long, letters and digits only
                StringBuilder keys = new StringBuilder();
                for (int i = 0; i < stem.length(); i++) { keys.append(KEYS.charAt(random.nextInt(KEYS.length()))); }
                return keys + end;
            }
            case "alphabet": return line.replaceFirst("a", "\u0430").replaceFirst("e", "\u0435"); // Cyrillic
            case "extension": {
                String other = pick(ENDS);
                return end.startsWith(".log") == other.startsWith(".log")
                        || (end + other).matches("(.pdf|.docx){2}") ? line : stem + other;
            }
            case "double": return line + pick(new String[] {".exe", ".scr", ".js"});
            case "style": // the separators of another kind of file
                if (end.equals(".java")) {
                    return stem.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT) + end;
                }
                return (stem.contains("_") ? stem.replace('_', '-') : stem.replace('-', '_')) + end;
            case "order": { // the last part comes first
                String[] parts = stem.split("(?<=[a-z])(?=[A-Z])|[_-]");
                String separator = stem.contains("_") ? "_" : stem.contains("-") ? "-" : "";
                List<String> moved = new ArrayList<>(List.of(parts));
                Collections.rotate(moved, 1);
                return String.join(separator, moved) + end;
            }
            case "swap": { // two neighbours within a word
                int at = 1 + random.nextInt(stem.length() - 2);
                char one = stem.charAt(at), two = stem.charAt(at + 1);
                boolean areLetters = Character.isLowerCase(one) && Character.isLowerCase(two);
                return areLetters ? stem.substring(0, at) + two + one + stem.substring(at + 2) + end : line;
            }
            case "cut": { // one to six characters at the end are missing
                String cut = line.substring(0, line.length() - 1 - random.nextInt(6));
                return cut.endsWith(".log") ? line : cut;
            }
            default: // a day that its month does not have
                return stem.matches(".*\\d{4}-?\\d\\d-?\\d\\d.*") && !stem.startsWith("invoice")
                        ? line.replaceFirst("(\\d{4}-?)\\d\\d(-?)\\d\\d",
                                random.nextBoolean() ? "$102$230" : "$106$231")
                        : line;
        }
    }

    String date(String separator) {
        int year = year(), month = 1 + random.nextInt(12);
        int days = java.time.YearMonth.of(year, month).lengthOfMonth();
        return year + separator + two(month) + separator + two(1 + random.nextInt(days));
    }

    int year() { return year + random.nextInt(years); }

    /** Returns a word; the first are more frequent than the last. */
    String noun() {
        double place = random.nextDouble();
        return NOUNS[(int) (place * place * NOUNS.length)];
    }

    String pick(String[] from) { return from[random.nextInt(from.length)]; }

    static String two(int number) { return number < 10 ? "0" + number : "" + number; }

    static String capital(String word) { return Character.toUpperCase(word.charAt(0)) + word.substring(1); }
}
