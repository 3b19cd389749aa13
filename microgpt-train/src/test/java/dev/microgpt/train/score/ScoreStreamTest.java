package dev.microgpt.train.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreStreamTest {
    private static final int BLOCK_SIZE = 6;
    private static final LineScorer SCORER = scorer();

    private static LineScorer scorer() {
        Tokenizer letters = CharTokenizer.ofAlphabet("abcdefgh");
        GptConfig config = GptConfig.microgpt(letters.vocabSize()).withBlockSize(BLOCK_SIZE);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(5)));
        return new LineScorer(new TrainedModel(gpt, letters, DataFormat.DOCUMENTS));
    }

    private static TextSource text(String text) {
        return TextSource.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "lines");
    }

    /** Of all lengths, also beyond the block and the rows of a batch; with unknown characters and blank lines. */
    private static List<String> lines() {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int most = i % 500 == 499 ? 2000 : i % 50 == 0 ? 40 : 8;
            StringBuilder line = new StringBuilder();
            for (int length = random.nextInt(most); length > 0; length--) {
                line.append((char) ('a' + random.nextInt(9)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void theScoresAreThoseOfEachLineInTheOrderOfTheText(int threads) throws IOException {
        List<String> lines = lines();
        List<ScoredLine> found = new ArrayList<>();
        Thread caller = Thread.currentThread();
        TextRepairs repairs = SCORER.score(text(String.join("\n", lines)), RecordFormat.lines(), threads, scored -> {
            assertSame(caller, Thread.currentThread());
            found.addAll(scored);
        });
        Map<String, LineScore> alone = new HashMap<>(); // so that a line that is there twice has the same score twice
        int blank = 0;
        int at = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty()) {
                blank++;
                continue;
            }
            LineScore score = alone.computeIfAbsent(line, SCORER::score);
            assertEquals(new ScoredLine(i + 1, line, score), found.get(at++));
        }
        assertEquals(at, found.size());
        assertTrue(alone.size() < found.size() && blank > 100, "some lines are there twice, some are blank");
        assertEquals(blank, repairs.blankLines());
    }

    /** {@code tail -f log | microgpt score --data -} shows each line when it comes. */
    @Test
    void aLineOfAStreamIsHandedOnWhileTheNextIsWaitedFor() throws Exception {
        PipedInputStream in = new PipedInputStream();
        BlockingQueue<ScoredLine> found = new LinkedBlockingQueue<>();
        CompletableFuture<TextRepairs> end;
        try (PipedOutputStream out = new PipedOutputStream(in)) {
            end = CompletableFuture.supplyAsync(() -> {
                try {
                    return SCORER.score(TextSource.of(in, "log"), RecordFormat.lines(), 2, found::addAll);
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            for (int i = 1; i <= 3; i++) {
                out.write("ab\ncd\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                for (int number = 2 * i - 1; number <= 2 * i; number++) {
                    ScoredLine line = found.poll(20, TimeUnit.SECONDS);
                    assertEquals(number, line == null ? -1 : line.number());
                }
            }
            out.write("e".getBytes(StandardCharsets.UTF_8));
        }
        end.get(20, TimeUnit.SECONDS);
        assertEquals("e", found.remove().text());
        assertNull(found.poll());
    }

    /** Whoever writes the scores may be slow, or stop: of an endless text, little is read. */
    @Test
    void whatIsReadAheadIsLimitedAndAFailedWriterEndsAll() {
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return read.getAndIncrement() % 64 == 63 ? '\n' : 'a';
            }
        };
        IOException broken = new IOException("broken pipe");
        IOException thrown = assertThrows(
                IOException.class,
                () -> SCORER.score(TextSource.of(endless, "endless"), RecordFormat.lines(), 2, scored -> {
                    long before = -1;
                    while (read.get() > before) { // until the reader waits, too
                        before = read.get();
                        sleep();
                        assertTrue(before < 1 << 20, "read ahead " + before);
                    }
                    throw broken;
                }));
        assertSame(broken, thrown);
    }

    private static void sleep() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Test
    void anEmptyTextHasNoScores() throws IOException {
        for (String empty : List.of("", "\n\n  \n")) {
            SCORER.score(text(empty), RecordFormat.lines(), 2, scored -> {
                throw new IOException("there is a score");
            });
        }
    }

    /** Records are counted, not lines; what is before a wrong one is handed on. */
    @Test
    void theRecordsBeforeAWrongOneAreHandedOn() {
        String json = "{\"t\":\"ab\"}\n{\"t\":\" \"}\n{\"t\":\"c\\nd\"}\n{\"u\":1}\n";
        List<ScoredLine> found = new ArrayList<>();
        DataException wrong = assertThrows(
                DataException.class, () -> SCORER.score(text(json), RecordFormat.field("t"), 2, found::addAll));
        assertTrue(wrong.getMessage().startsWith("data lines:4: the object has no field \"t\""), wrong.getMessage());
        assertEquals(
                List.of(new ScoredLine(1, "ab", SCORER.score("ab")), new ScoredLine(3, "c\nd", SCORER.score("c\nd"))),
                found);
    }

    @Test
    void atLeastOneThreadScores() {
        assertThrows(
                IllegalArgumentException.class, () -> SCORER.score(text("a"), RecordFormat.lines(), 0, scored -> {}));
    }
}
