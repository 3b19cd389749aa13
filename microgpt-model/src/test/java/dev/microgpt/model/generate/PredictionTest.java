package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.RandomModels;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.model.trace.Hooks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final int BLOCK = 8;
    private static final GenerationConfig CONFIG =
            GenerationConfig.of(new SamplingConfig(1.5, 5, 0.9)).withMaxNewTokens(40);

    private final CharTokenizer tokenizer = CharTokenizer.ofAlphabet("abcdef");

    /** It has three tokens more than the tokenizer, which have no probability. */
    private final Gpt gpt =
            RandomModels.gpt(GptConfig.microgpt(tokenizer.vocabSize() + 3).withSizes(2, 2, 8, BLOCK), 4);

    private final int[] prompt = {tokenizer.bos(), 0, 3, 3, 1};

    /** Keeps what it receives, and checks after each piece that its tokens came before it. */
    private static final class Received implements TextListener {
        final Tokenizer tokenizer;
        final List<Integer> tokens = new ArrayList<>();
        final List<Prediction> predictions = new ArrayList<>();
        final StringBuilder text = new StringBuilder();

        Received(Tokenizer tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public void token(int token, Prediction prediction) {
            tokens.add(token);
            predictions.add(prediction);
        }

        @Override
        public void piece(String piece) {
            text.append(piece);
            assertEquals(text.toString(), decoded());
        }

        String decoded() {
            return tokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void predictionsAreProbabilitiesWithLossRankAndEntropy() {
        Tensor logits = Tensor.constant(Shape.of(2, 4), 1, 3, 3, 0, 0, 0, 0, 0);
        List<Prediction> rows = Prediction.of(logits);
        Prediction first = rows.get(0);
        double sum = Math.exp(-2) + 2 + Math.exp(-3);
        assertEquals(1 / sum, first.probability(1), 1e-15);
        assertEquals(Math.log(sum), first.loss(2), 1e-15);
        assertEquals(List.of(3, 1, 2, 4), List.of(first.rank(0), first.rank(1), first.rank(2), first.rank(3)));
        assertEquals(List.of(1, 2, 0), first.top(3));
        assertEquals(4, first.top(9).size());
        assertEquals(List.of(), first.top(0));
        assertEquals(List.of(0, 1, 2), rows.get(1).top(3), "the lower id first");
        assertEquals(Math.log(4), rows.get(1).entropy(), 1e-15);
        Tensor certain = Tensor.constant(Shape.of(1, 2), Double.NEGATIVE_INFINITY, 0);
        assertEquals(0, Prediction.of(certain).get(0).entropy());
        assertEquals(List.of(1), Prediction.of(certain).get(0).top(2), "what is impossible is left out");
    }

    /** The log-probabilities after each token, by one forward pass over all of them. */
    private double[][] expected(int... tokens) {
        Tape tape = Tape.inference();
        Tensor logits = gpt.forward(tape, Batch.ofPrompt(tokens));
        double[] logP = tape.logSoftmax(tape.sliceColumns(logits, 0, tokenizer.vocabSize()))
                .data();
        double[][] rows = new double[tokens.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(logP, i * tokenizer.vocabSize(), (i + 1) * tokenizer.vocabSize());
        }
        return rows;
    }

    private double[] logProbabilities(Prediction prediction) {
        double[] row = new double[tokenizer.vocabSize()];
        for (int i = 0; i < row.length; i++) {
            row[i] = prediction.logProbability(i);
        }
        return row;
    }

    @Test
    void tokensOfAPromptHaveTheLogProbabilitiesOfOneForwardPass() {
        Received received = new Received(tokenizer);
        TextGenerator generator = new TextGenerator(gpt, tokenizer, CONFIG);
        generator.read(prompt, received);
        double[][] rows = expected(prompt);
        assertEquals(List.of(0, 3, 3, 1), received.tokens);
        for (int i = 0; i < received.tokens.size(); i++) {
            assertArrayEquals(rows[i], logProbabilities(received.predictions.get(i)));
        }
        assertArrayEquals(rows[4], logProbabilities(generator.next(prompt)));
        assertThrows(IllegalArgumentException.class, () -> generator.read(new int[BLOCK + 1], received));
        assertThrows(IllegalArgumentException.class, () -> generator.read(new int[0], received));
        assertThrows(
                IllegalArgumentException.class, () -> generator.read(new int[] {0, tokenizer.vocabSize()}, received));
        assertEquals(4, received.tokens.size());
    }

    /** The text is that of nobody listening, and each prediction that of the tokens before it. */
    @Test
    void generatedTokensHaveThoseOfTheModelWhateverTheSampling() {
        for (int seed = 0; seed < 10; seed++) {
            TextGenerator generator = new TextGenerator(gpt, tokenizer, CONFIG);
            Received received = new Received(tokenizer);
            PythonRandom random = new PythonRandom(seed);
            PythonRandom alone = new PythonRandom(seed);
            GeneratedText text = generator.generate(prompt, random, received);
            assertEquals(generator.generate(prompt, alone), text);
            assertEquals(alone.random(), random.random());
            assertEquals(text.text(), received.text.toString());
            assertEquals(text.text(), received.decoded());
            int[] all = Arrays.copyOf(prompt, BLOCK);
            for (int i = 0; i < Math.min(received.tokens.size(), BLOCK - prompt.length); i++) {
                all[prompt.length + i] = received.tokens.get(i);
                double[][] rows = expected(Arrays.copyOf(all, prompt.length + i));
                assertArrayEquals(rows[rows.length - 1], logProbabilities(received.predictions.get(i)));
            }
        }
    }

    /** Tokens of a stop string and beyond the limit of characters are not given; what was withheld comes later. */
    @Test
    void tokensAreThoseThatBeginInTheText() {
        int stopped = 0;
        for (int seed = 0; seed < 20; seed++) {
            Received received = new Received(tokenizer);
            GeneratedText text = new TextGenerator(
                            gpt, tokenizer, CONFIG.withStop("bb", "abc", "f").withMaxCharacters(12))
                    .generate(prompt, new PythonRandom(seed), received);
            assertEquals(text.text(), received.decoded());
            stopped += text.tokens() > received.tokens.size() ? 1 : 0;
        }
        assertTrue(stopped > 2, "texts with a stop string: " + stopped);
    }

    @Test
    void tokensOfACharacterComeWithIt() {
        Tokenizer bytes = new ByteTokenizer();
        Gpt model = RandomModels.gpt(GptConfig.microgpt(bytes.vocabSize()).withSizes(1, 2, 8, BLOCK), 4);
        TextGenerator generator =
                new TextGenerator(model, bytes, CONFIG.withStop("a\u00e9a").withMaxCharacters(9));
        generator
                .tokens()
                .addHook(Hooks.of(model)
                        .replace(
                                "logits",
                                x -> { // é, a, and bytes that are not UTF-8
                                    for (int i = 0; i < x.length; i++) {
                                        int token = i % bytes.vocabSize();
                                        x[i] = token == 0xC3 || token == 0xA9 || token == 'a' ? x[i] : -100;
                                    }
                                    return x;
                                }));
        boolean isTwoBytes = false;
        for (int seed = 0; seed < 40; seed++) {
            Received received = new Received(bytes);
            GeneratedText text = generator.generate(new int[] {'a'}, new PythonRandom(seed), received);
            assertEquals(text.text(), received.text.toString());
            isTwoBytes |= text.text().contains("\u00e9");
        }
        assertTrue(isTwoBytes);
    }
}
