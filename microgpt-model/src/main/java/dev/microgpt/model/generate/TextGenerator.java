package dev.microgpt.model.generate;

import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.GeneratedText.Ending;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Generates texts: a {@link Generator} whose tokens are decoded as they arrive, up to a stop string or a limit.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.of(SamplingConfig.ofTemperature(0.8));
 * TextGenerator generator = new TextGenerator(model, tokenizer, config);
 * generator.generate(prompt, random, piece -> page.append(piece));
 * }</pre>
 *
 * <p>All texts share the memory of one generator, and with one random generator text number i is the same whether one
 * text or a hundred are generated. Confined to one thread at a time, and others are refused; any number of them may use
 * one model, each in a thread of its own.
 */
public final class TextGenerator {
    private static final Consumer<String> NOBODY = piece -> {};

    private final Tokenizer tokenizer;
    private final GenerationConfig config;
    private final Generator generator;

    /**
     * Creates a generator of texts.
     *
     * @param model     the model
     * @param tokenizer the tokenizer, with no more tokens than the model
     * @param config    how tokens are chosen, and where a text ends
     * @throws IllegalArgumentException if the tokenizer has more tokens than the model
     */
    public TextGenerator(LanguageModel model, Tokenizer tokenizer, GenerationConfig config) {
        this.tokenizer = tokenizer;
        this.config = config;
        BeyondBlock beyond = config.beyondBlock() == null ? BeyondBlock.HALF : config.beyondBlock();
        this.generator = new Generator(model, new Sampler(config.sampling()), tokenizer.vocabSize(), beyond);
    }

    /** {@return the generator of its tokens, for its properties and hooks} */
    public Generator tokens() {
        return generator;
    }

    /**
     * Generates a text.
     *
     * @param prompt the tokens to continue, at least one; not modified
     * @param random the generator to draw from, one number per token
     * @return the text
     * @throws IllegalArgumentException if the prompt is empty or a token is not in the vocabulary, or if the logits of
     *     the model are not numbers
     * @throws IllegalStateException    if this generator is already generating, or if another thread trains the model
     */
    public GeneratedText generate(int[] prompt, PythonRandom random) {
        return generate(prompt, random, NOBODY);
    }

    /**
     * Generates a text, and passes it on piece by piece before the next token is computed.
     *
     * @param prompt   the tokens to continue, at least one; not modified
     * @param random   the generator to draw from, one number per token
     * @param listener receives the pieces, none of them empty, which add up to the text
     * @return the text
     * @throws IllegalArgumentException as without a listener
     * @throws IllegalStateException    as without a listener
     */
    public GeneratedText generate(int[] prompt, PythonRandom random, Consumer<String> listener) {
        return generate(prompt, random, new Text(listener, null));
    }

    /**
     * Generates a text, and passes on its tokens too, with what the model expected in their places. It is the same text
     * as without a listener, and costs a softmax and its logarithm more for each token.
     *
     * @param prompt   the tokens to continue, at least one; not modified
     * @param random   the generator to draw from, one number per token
     * @param listener receives the pieces, none of them empty, which add up to the text, and before each the tokens
     *     that begin in it
     * @return the text
     * @throws IllegalArgumentException as without a listener
     * @throws IllegalStateException    as without a listener
     */
    public GeneratedText generate(int[] prompt, PythonRandom random, TextListener listener) {
        return generate(prompt, random, new Text(listener::piece, listener));
    }

    private GeneratedText generate(int[] prompt, PythonRandom random, Text text) {
        int most = config.isLimited() ? config.maxNewTokens() : generator.room(prompt.length);
        generator.generate(prompt, most, tokenizer.bos(), random, text);
        return text.ended(most);
    }

    /**
     * Returns what the model expects after a prompt, which may be longer than the block as it may be to generate.
     *
     * @param prompt the tokens, at least one; not modified
     * @return the prediction of the next token, among those of the tokenizer
     * @throws IllegalArgumentException as {@link #generate(int[], PythonRandom)}
     * @throws IllegalStateException    as {@link #generate(int[], PythonRandom)}
     */
    public Prediction next(int... prompt) {
        generator.generate(prompt, 1, Generator.NO_STOP, new PythonRandom(0), token -> false);
        return generator.prediction();
    }

    /**
     * Reads a prompt in one forward pass, and passes on each of its tokens but the first, which nothing predicts, with
     * what the model expected there.
     *
     * @param prompt   the tokens, at least one and no more than the block size; not modified
     * @param listener receives the tokens, and no piece
     * @throws IllegalArgumentException if the prompt is empty or longer than the block, if a token is not in the
     *     vocabulary, or if the logits of the model are not numbers
     * @throws IllegalStateException    as {@link #generate(int[], PythonRandom)}
     */
    public void read(int[] prompt, TextListener listener) {
        generator.read(prompt, listener);
    }

    /** A token whose beginning is not certain yet, at a place of the text in chars. */
    private record Waiting(int begin, int token, Prediction prediction) {}

    /** A text on its way. */
    private final class Text implements TokenListener {
        private final TextStream stream = new TextStream(tokenizer, config.stop());
        private final StringBuilder text = new StringBuilder();
        private final Consumer<String> pieces;
        private final @Nullable TextListener listener;
        private final Deque<Waiting> waiting = new ArrayDeque<>(1);
        private int left = config.maxCharacters();
        private int tokens;

        private Text(Consumer<String> pieces, @Nullable TextListener listener) {
            this.pieces = pieces;
            this.listener = listener;
        }

        @Override
        public boolean accept(int token) {
            tokens++;
            if (listener != null) {
                waiting.add(new Waiting(text.length() + stream.place(token), token, generator.prediction()));
            }
            pass(stream.add(token));
            return !stream.stopped() && left > 0;
        }

        private void pass(String certain) {
            int characters = certain.codePointCount(0, certain.length());
            String piece = characters <= left ? certain : certain.substring(0, certain.offsetByCodePoints(0, left));
            left -= Math.min(characters, left);
            text.append(piece);
            if (!piece.isEmpty()) {
                passTokens();
                pieces.accept(piece);
            }
        }

        /** Passes on the tokens that begin in the text so far. */
        private void passTokens() {
            while (listener != null && !waiting.isEmpty() && waiting.element().begin() < text.length()) {
                Waiting next = waiting.remove();
                listener.token(next.token(), next.prediction());
            }
        }

        private GeneratedText ended(int most) {
            pass(stream.end());
            boolean isFull = left == 0 || tokens == most;
            Ending ending = stream.stopped() ? Ending.STOP : isFull ? Ending.LENGTH : Ending.BOS;
            return new GeneratedText(text.toString(), tokens, ending);
        }
    }
}
