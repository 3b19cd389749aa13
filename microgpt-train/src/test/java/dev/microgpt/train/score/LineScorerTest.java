package dev.microgpt.train.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.TokenScore;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentWindows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LineScorerTest {
    private static final Tokenizer LETTERS = CharTokenizer.ofAlphabet("abcdefgh");
    private static final double NATS_PER_BIT = StrictMath.log(2);

    private static TrainedModel model(Tokenizer tokenizer, DataFormat format) {
        // large weights: a model that is sure of itself
        GptConfig config = GptConfig.microgpt(tokenizer.vocabSize()).withBlockSize(6);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(5)));
        gpt.parameters().all().forEach(parameter -> {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= 4;
            }
        });
        return new TrainedModel(gpt, tokenizer, format);
    }

    private static List<String> lines(int count) {
        Random random = new Random(count);
        List<String> lines = new ArrayList<>(List.of("", "a", "abcdef", "abcdefa", "h".repeat(40)));
        while (lines.size() < count) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                line.append((char) ('a' + random.nextInt(8)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** A long line of another script, with a token at its end that is more surprising still. */
    @Test
    void theWorstTokenIsFoundInTimeThatGrowsWithTheLine() {
        int count = 60_000;
        EncodedLine line = EncodedLine.of("ü".repeat(count) + "a", LETTERS, LETTERS.bos());
        LineScore score = assertTimeoutPreemptively(
                Duration.ofSeconds(3), () -> line.score(1, count, 1, LETTERS), "it is read once for each character");
        assertEquals("a", score.worstText());
        assertEquals(count + 1, score.worst());
    }

    /** The evaluation of a document, bit for bit: also of an empty one, and in windows of the block size, 6. */
    @Test
    void aLineHasTheBitsOfItsEvaluation() {
        TrainedModel trained = model(LETTERS, DataFormat.DOCUMENTS);
        LineScorer scorer = new LineScorer(trained);
        for (String line : lines(50)) {
            List<TokenScore> tokens = new ArrayList<>();
            DocumentWindows one = new DocumentWindows(List.of(line), LETTERS, 3, 6, 6);
            new Evaluator(trained.model(), one).evaluate(0, tokens::add);
            double bits = 0;
            TokenScore worst = tokens.get(0);
            for (TokenScore token : tokens) {
                bits += -token.logProbability() / NATS_PER_BIT;
                worst = token.logProbability() < worst.logProbability() ? token : worst;
            }
            LineScore score = scorer.score(line);
            assertEquals(bits, score.bits(), line);
            assertEquals(bits / (line.length() + 1), score.bitsPerCharacter(), line);
            assertEquals(worst.position(), score.worst(), line);
            assertEquals(-worst.logProbability() / NATS_PER_BIT, score.worstBits(), line);
            boolean isEnd = worst.position() == line.length() + 1;
            assertEquals(isEnd ? "" : line.substring(score.worst() - 1, score.worst()), score.worstText(), line);
        }
    }

    @Test
    void anUnknownCharacterCostsAnyCodePointAndIsSeenAsBos() {
        TrainedModel trained = model(LETTERS, DataFormat.DOCUMENTS);
        int bos = LETTERS.bos();
        int[] seen = {bos, 0, bos, bos, 1, bos};
        Batch batch = Batch.forTraining(List.of(seen));
        Tape tape = Tape.inference();
        CrossEntropy losses = new CrossEntropy(trained.model().forward(tape, batch), batch.targets(), 1);
        tape.apply(losses);
        double unknown = Math.log(1_114_112) / Math.log(2);
        double[] costs = {losses.loss(0), unknown, unknown, losses.loss(3), losses.loss(4)};
        String[] texts = {"a", "한", "😀", "b", ""};
        double bits = 0;
        int worst = 0;
        for (int i = 0; i < costs.length; i++) {
            costs[i] /= texts[i].isEmpty() || texts[i].charAt(0) < 'c' ? NATS_PER_BIT : 1;
            bits += costs[i];
            worst = costs[i] > costs[worst] ? i : worst;
        }
        LineScorer scorer = new LineScorer(trained);
        LineScore score = scorer.score("a한😀b");
        assertEquals(bits, score.bits(), 1e-12);
        assertEquals(4, score.characters());
        assertEquals(worst + 1, score.worst());
        assertEquals(texts[worst], score.worstText());
        LineScore alone = scorer.score("😀한");
        assertEquals(20.0875, unknown, 1e-4);
        assertEquals(alone.worstBits() > unknown ? 3 : 1, alone.worst());
    }

    /** Of several tokens that make a character, the place is that of the character. */
    @Test
    void theMostSurprisingByteIsInItsCharacter() {
        LineScorer scorer = new LineScorer(model(new ByteTokenizer(), DataFormat.DOCUMENTS));
        String line = "é한😀z";
        LineScore score = scorer.score(line);
        assertEquals(4, score.characters());
        assertTrue(score.worst() >= 1 && score.worst() <= 5, score.toString());
        int[] tokens = new ByteTokenizer().encode(line);
        assertEquals(2 + 3 + 4 + 1, tokens.length);
        assertTrue(score.worst() == 4 ? score.worstText().equals("z") : score.worst() == 5 || isReplacement(score));
    }

    private static boolean isReplacement(LineScore score) {
        return score.worstText().equals("\uFFFD");
    }

    @Test
    void aModelOfTextSeesLineFeedsAroundALine() {
        Tokenizer tokenizer = CharTokenizer.ofAlphabet("\nab");
        TrainedModel trained = model(tokenizer, DataFormat.TEXT);
        Batch batch = Batch.forTraining(List.of(new int[] {0, 1, 2, 0}));
        Tape tape = Tape.inference();
        CrossEntropy losses = new CrossEntropy(trained.model().forward(tape, batch), batch.targets(), 1);
        tape.apply(losses);
        double bits = (losses.loss(0) / NATS_PER_BIT + losses.loss(1) / NATS_PER_BIT) + losses.loss(2) / NATS_PER_BIT;
        assertEquals(bits, new LineScorer(trained).score("ab").bits());
        TrainedModel without = model(LETTERS, DataFormat.TEXT);
        String message = assertThrows(IllegalArgumentException.class, () -> new LineScorer(without))
                .getMessage();
        assertTrue(message.contains("no line feed"), message);
    }

    @Test
    void scoresDependOnNeitherBatchNorThread() throws Exception {
        LineScorer scorer = new LineScorer(model(LETTERS, DataFormat.DOCUMENTS));
        List<String> lines = lines(3000);
        List<LineScore> expected = new ArrayList<>();
        for (String line : lines) {
            expected.add(scorer.score(line));
        }
        assertEquals(expected, scorer.score(lines));
        List<String> backwards = new ArrayList<>(lines);
        Collections.reverse(backwards);
        List<LineScore> reversed = new ArrayList<>(scorer.score(backwards));
        Collections.reverse(reversed);
        assertEquals(expected, reversed);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<LineScore>>> parts = new ArrayList<>();
            for (int from = 0; from < lines.size(); from += 100) {
                List<String> part = lines.subList(from, from + 100);
                parts.add(() -> scorer.score(part));
            }
            List<LineScore> together = new ArrayList<>();
            for (Future<List<LineScore>> part : threads.invokeAll(parts)) {
                together.addAll(part.get());
            }
            assertEquals(expected, together);
        } finally {
            threads.shutdown();
        }
    }
}
