package dev.microgpt.train.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sweep file means, and how a wrong one is refused. */
class SweepFileTest {
    @TempDir
    Path folder;

    private static List<String> names(String text) throws SweepException {
        List<String> names = new ArrayList<>();
        Sweep.parse("s.txt", text).runs().forEach(run -> names.add(run.name()));
        return names;
    }

    @Test
    void severalValuesAreAGridWhoseLastLineChangesFastest() throws SweepException {
        assertEquals(
                List.of(
                        "learning-rate-0.1_seed-1",
                        "learning-rate-0.1_seed-2",
                        "learning-rate-3e-3_seed-1",
                        "learning-rate-3e-3_seed-2"),
                names("# rates\nlearning_rate = 0.1, 3e-3\r\n  steps=5  \n\nseed = 1,2\n"));
        SweptRun last = Sweep.parse("s.txt", "learning_rate = 0.1, 3e-3\nsteps = 5")
                .runs()
                .get(1);
        assertEquals(Map.of("learning-rate", "3e-3", "steps", "5"), last.settings());
        assertEquals(
                List.of("learning-rate", "steps"), List.copyOf(last.settings().keySet()));
    }

    @Test
    void sectionsListRunsAndReplaceValues() throws SweepException {
        Sweep sweep = Sweep.parse("s.txt", "steps = 5\nseed = 1, 2\n[small]\n[Large]\nn-embd = 64\nsteps = 9\n");
        assertEquals(
                List.of("small_seed-1", "small_seed-2", "Large_seed-1", "Large_seed-2"),
                sweep.runs().stream().map(SweptRun::name).toList());
        assertEquals(Map.of("steps", "5", "seed", "1"), sweep.runs().get(0).settings());
        assertEquals(
                Map.of("steps", "9", "seed", "2", "n-embd", "64"),
                sweep.runs().get(3).settings());
    }

    @Test
    void quotesEncloseCommasAndOneRunNeedsNoName() throws SweepException {
        Sweep sweep = Sweep.parse("s.txt", "\uFEFFdata = \"a, b#.txt\"\nseparator = \"\"");
        assertEquals("run", sweep.runs().get(0).name());
        assertEquals(
                Map.of("data", "a, b#.txt", "separator", ""),
                sweep.runs().get(0).settings());
        assertEquals(List.of("data-x-y-.txt", "data-z"), names("data = \"x/y,.txt\", z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | s.txt must have a line NAME = VALUE, but has none; write for example learning-rate = 0.001, 0.003",
                "'[a]' | s.txt must have a line NAME = VALUE",
                "'\nsteps 5' | s.txt, line 2: found \"steps 5\", but a line must be NAME = VALUE",
                "'--steps = 5' | s.txt, line 1: found \"--steps = 5\", but the name must be that of an option",
                "'steps = 5,' | s.txt, line 1: found \"steps = 5,\", but a value is missing",
                "'steps =' | s.txt, line 1: found \"steps =\", but a value is missing",
                "'a = 1 # one' | but a value with # must be in double quotes",
                "'a = 1\"2' | but double quotes must enclose a whole value",
                "'a = \"1' | but double quotes must enclose a whole value",
                "'a = 1, 0.1, 1.0' | but the values must differ, but 1 and 1.0 are the same; leave out one",
                "'a = x, x' | but the values must differ, but x and x are the same",
                "'a = 1\na = 2' | s.txt, line 2: found \"a = 2\", but a must be given only once here, but is in line 1",
                "'a = 1\n[x]\n[X]' | s.txt, line 3: found \"[X]\", but the section must have a name of its own",
                "'[a b]' | but a section must be [NAME]",
                "'[../a]' | but a section must be [NAME]",
                "'[a' | but a section must be [NAME]",
                "'a = x/y, x-y' | s.txt: two runs would have the folder a-x-y",
                "'a = \u0007, b\n a = 1' | found \"a = 1\", but a must be given only once",
            })
    void aWrongFileIsRefused(String text, String expected) {
        SweepException refused = assertThrows(SweepException.class, () -> Sweep.parse("s.txt", text));
        assertTrue(String.valueOf(refused.getMessage()).contains(expected), refused::getMessage);
    }

    @Test
    void tooManyRunsAndTooLongNamesAreRefused() {
        String axis = " = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\n";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append('a').append(i).append(axis);
        }
        assertEquals(
                "s.txt has 1" + "0".repeat(40) + " runs, but must have at most 10000; give fewer values",
                assertThrows(SweepException.class, () -> Sweep.parse("s.txt", text.toString()))
                        .getMessage()
                        .replaceFirst("has \\d+", "has 1" + "0".repeat(40)));
        SweepException tooLong =
                assertThrows(SweepException.class, () -> Sweep.parse("s.txt", "a = 1, " + "x".repeat(200)));
        assertTrue(String.valueOf(tooLong.getMessage()).contains("at most 200 characters"), tooLong::getMessage);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path binary = Files.write(folder.resolve("b.txt"), new byte[] {'a', (byte) 0xFF});
        Path large = Files.writeString(folder.resolve("l.txt"), " ".repeat((1 << 20) + 1), StandardCharsets.UTF_8);
        assertEquals(
                binary + " must be text in UTF-8, but is not; save it in that encoding",
                assertThrows(SweepException.class, () -> Sweep.read(binary)).getMessage());
        assertEquals(
                large + " must have at most 1048576 bytes, but has more; is it another kind of file?",
                assertThrows(SweepException.class, () -> Sweep.read(large)).getMessage());
    }
}
