package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * A row of logits is independent, bit for bit, of later tokens, of the rest of the batch, and of whether earlier
 * positions come from a cache.
 *
 * <p>Each law holds for every one of a fixed number of values; the three together compare more than a million.
 */
class BitLawsTest {
    private static final int VALUES_EACH = 350_000;

    private static long all;
    private static int allModels;

    private final Tape tape = Tape.inference();
    private long compared;

    @FunctionalInterface
    private interface Law {
        void check(Gpt gpt, Random random);
    }

    @Test
    void laterTokensLeaveEarlierLogitsUnchanged() {
        onManyModels((gpt, random) -> {
            int length = gpt.config().blockSize();
            int[] tokens = RandomModels.tokens(gpt.config(), length, random);
            double[] expected = logits(gpt, tokens);
            int changed = random.nextInt(length);
            tokens[changed] = (tokens[changed] + 1) % gpt.config().vocabSize();
            double[] actual = logits(gpt, tokens);
            int firstRow = changed * gpt.config().vocabSize();
            assertSameBits(expected, 0, actual, 0, firstRow);
            // the changed row itself must differ, or the model would ignore its input; except with a single channel,
            // where
            // the first norm reduces the token to a sign
            if (gpt.config().nEmbd() > 1) {
                assertTrue(!Arrays.equals(expected, actual), "the changed token has no influence");
            }
        });
    }

    @Test
    void aSequenceHasTheSameLogitsAloneAndAnywhereInABatch() {
        onManyModels((gpt, random) -> {
            List<int[]> sequences = new ArrayList<>();
            for (int s = 0; s < 5; s++) {
                int length = 2 + random.nextInt(gpt.config().blockSize());
                sequences.add(RandomModels.tokens(gpt.config(), length, random));
            }
            assertEachAsAlone(gpt, sequences);
            Collections.shuffle(sequences, random);
            assertEachAsAlone(gpt, sequences);
        });
    }

    private void assertEachAsAlone(Gpt gpt, List<int[]> sequences) {
        Batch batch = Batch.forTraining(sequences);
        tape.reset();
        double[] packed = gpt.forward(tape, batch).toArray();
        for (int s = 0; s < sequences.size(); s++) {
            int[] inputs = Arrays.copyOf(sequences.get(s), sequences.get(s).length - 1);
            double[] alone = logits(gpt, inputs);
            int first = batch.sequences().start(s) * gpt.config().vocabSize();
            assertSameBits(alone, 0, packed, first, alone.length);
        }
    }

    @Test
    void tokenByTokenWithACacheTheLogitsAreThoseOfTheWholeSequence() {
        onManyModels((gpt, random) -> {
            int[] tokens = RandomModels.tokens(gpt.config(), gpt.config().blockSize(), random);
            assertSameWithCache(gpt, tokens, 1, random);
        });
    }

    @Test
    void inPiecesWithACacheTheLogitsAreThoseOfTheWholeSequence() {
        onManyModels((gpt, random) -> {
            int[] tokens = RandomModels.tokens(gpt.config(), gpt.config().blockSize(), random);
            assertSameWithCache(gpt, tokens, 7, random);
        });
    }

    @Test
    void beyondTheBlockTheLogitsOfAWindowAreThoseOfALongerBlock() {
        for (int window : new int[] {1, 2, 9, 16, 17, 40}) {
            GptConfig config = RandomModels.windowed()
                    .withVocabSize(23)
                    .withSizes(3, 6, 12, 16)
                    .with(GptConfig.WINDOW, window)
                    .with(GptConfig.HEAD_DIM, 4)
                    .withPositions(window % 2 == 0 ? Positions.NONE : Positions.ROPE);
            Gpt gpt = RandomModels.gpt(config, window);
            Gpt longer = RandomModels.withBlockSize(gpt, 150);
            Random random = new Random(window);
            for (int longestPiece : new int[] {1, 7, 60}) {
                assertTrue(gpt.decoder().isEndless());
                int[] tokens = RandomModels.tokens(longer.config(), 150, random);
                assertSameWithCache(gpt.decoder(), logits(longer, tokens), tokens, longestPiece, random);
            }
        }
    }

    /** Feeds the tokens to the model in pieces of random length, the first of them like a prompt. */
    private void assertSameWithCache(Gpt gpt, int[] tokens, int longestPiece, Random random) {
        assertSameWithCache(gpt.decoder(), logits(gpt, tokens), tokens, longestPiece, random);
    }

    private void assertSameWithCache(
            Decoder decoder, double[] expected, int[] tokens, int longestPiece, Random random) {
        int columns = expected.length / tokens.length;
        for (int from = 0; from < tokens.length; ) {
            int to = Math.min(tokens.length, from + 1 + random.nextInt(longestPiece));
            tape.reset();
            double[] piece = decoder.forward(tape, Batch.ofPrompt(Arrays.copyOfRange(tokens, from, to)))
                    .toArray();
            assertEquals((to - from) * columns, piece.length);
            assertSameBits(expected, from * columns, piece, 0, piece.length);
            from = to;
        }
        assertEquals(tokens.length, decoder.length());
    }

    @Test
    void aClearedCacheIsAsGoodAsANewOne() {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(27), 1);
        Random random = new Random(1);
        Decoder decoder = gpt.decoder();
        for (int round = 0; round < 20; round++) {
            int[] tokens = RandomModels.tokens(gpt.config(), 1 + random.nextInt(16), random);
            decoder.clear();
            tape.reset();
            double[] actual = decoder.forward(tape, Batch.ofPrompt(tokens)).toArray();
            double[] expected = logits(gpt, tokens);
            assertSameBits(expected, 0, actual, 0, expected.length);
        }
    }

    private void onManyModels(Law law) {
        compared = 0;
        int models = 0;
        for (long seed = 0; compared < VALUES_EACH; seed++) {
            for (GptConfig shape : RandomModels.SHAPES) {
                Random random = new Random(seed);
                Gpt gpt = RandomModels.gpt(shape, seed);
                law.check(gpt, random);
                models++;
            }
        }
        all += compared;
        allModels += models;
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = String.format(
                Locale.ROOT, "%,d values of %,d random models compared, 0 differ in a bit", all, allModels);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private double[] logits(Gpt gpt, int[] tokens) {
        tape.reset();
        return gpt.forward(tape, Batch.ofPrompt(tokens)).toArray();
    }

    private void assertSameBits(double[] expected, int expectedFrom, double[] actual, int actualFrom, int count) {
        for (int i = 0; i < count; i++) {
            double a = expected[expectedFrom + i];
            double b = actual[actualFrom + i];
            if (Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(b)) {
                throw new AssertionError("value " + i + " of " + count + " is " + b + ", expected exactly " + a);
            }
        }
        compared += count;
    }
}
