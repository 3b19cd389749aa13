package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.score.Calibration;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/scoring.md: it shows what its programs print, its prose has no other numbers, and its Java runs. The model is
 * trained to the end in the nightly build; before, for a few steps, with which a part of each line is printed.
 */
class ScoringGuideTest {
    private static final Path PAGE = Path.of("..", "docs", "scoring.md");
    private static final Path PROGRAMS = Path.of("..", "docs", "scoring");
    private static final boolean IS_WHOLE = Boolean.getBoolean("microgpt.test.nightly");

    @TempDir
    static Path folder;

    private static String printed = "";

    /** What the page shows, by the first line. */
    private static final Map<String, String> SHOWN = new LinkedHashMap<>();

    @BeforeAll
    static void run() throws Exception {
        DocumentedJava programs = new DocumentedJava(folder);
        programs.compile(PROGRAMS.resolve("FileNames.java"), PROGRAMS.resolve("Roc.java"));
        String data = data().toString();
        String picture = folder.resolve("roc.svg").toString();
        printed = programs.main("FileNames", data) + "\n"
                + (IS_WHOLE ? programs.main("Roc", data, picture) : programs.main("Roc", data, picture, "20"));
        Matcher block = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL).matcher(text(PAGE));
        while (block.find()) {
            String first = block.group(1).lines().findFirst().orElseThrow();
            assertEquals(null, SHOWN.put(first, block.group(1)), "shown twice");
        }
    }

    /** The folder that the page's Java reads, see {@link DocumentedJava#here}. */
    private static Path data() {
        return folder.resolve("target/file-names");
    }

    @Test
    void programsPrintWhatThePageShows() {
        List<String> parts = List.of(printed.split("\n\n"));
        assertTrue(parts.size() >= 3, printed);
        for (String part : parts) {
            List<String> lines = part.strip().lines().toList();
            String block = SHOWN.get(lines.get(0));
            assertTrue(block != null, () -> "the page does not show\n" + part);
            List<String> expected = block.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = expected.get(i);
                assertTrue(IS_WHOLE ? line.equals(lines.get(i)) : line.startsWith(lines.get(i)), lines.get(i));
            }
            assertTrue(!IS_WHOLE || lines.size() == expected.size(), part);
        }
        assertTrue(!IS_WHOLE || parts.size() == SHOWN.size(), printed);
    }

    @Test
    void numbersInTheProseAreThoseOfThePrograms() throws IOException {
        String known = String.join("", SHOWN.values()) + text(PROGRAMS.resolve("Roc.java"));
        assertEquals(Set.of(), LearnTest.unknown(LearnTest.prose(PAGE), known));
    }

    /** Its curves are compared where they are computed, in the nightly build. */
    @Test
    void thePictureIsOfThePage() throws IOException {
        String picture = text(PROGRAMS.resolve("roc.svg"));
        String all = SHOWN.values().stream()
                .filter(block -> block.startsWith("AUC"))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("all "))
                .findFirst()
                .orElseThrow();
        List<String> areas = Pattern.compile("AUC ([0-9.]+)<")
                .matcher(picture)
                .results()
                .map(area -> area.group(1))
                .toList();
        assertEquals(List.of(all.substring(4).strip().split(" +")), areas);
        if (IS_WHOLE) {
            assertEquals(text(folder.resolve("roc.svg")), picture, "run docs/scoring/Roc.java");
        }
    }

    @Test
    void theJavaPrintsThePValueAndTheFlag() throws Exception {
        List<String> blocks = DocumentedJava.blocks(PAGE);
        assertEquals(1, blocks.size());
        Path file = data().resolve("calibration.txt");
        List<String> heldOut = Files.readAllLines(file).subList(0, 120);
        Files.write(file, heldOut);

        LineScorer scorer = new LineScorer(TrainedModel.load(data().resolve("model.safetensors")));
        Calibration calibration = new Calibration(scorer.score(heldOut).stream()
                .mapToDouble(LineScore::bitsPerCharacter)
                .toArray());
        LineScore line = scorer.score("invoice-2024-11873.pdf.exe");
        double score = line.bitsPerCharacter();
        assertEquals(
                line + "\n" + calibration.pValue(score) + "\n" + (score > calibration.threshold(0.01)) + "\n",
                new DocumentedJava(folder).run(blocks.get(0)));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}
