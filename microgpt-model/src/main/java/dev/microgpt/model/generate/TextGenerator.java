package dev.microgpt.model.generate;

import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.GeneratedText.Ending;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.function.Consumer;

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
        int most = config.isLimited() ? config.maxNewTokens() : generator.room(prompt.length);
        Text text = new Text(listener);
        generator.generate(prompt, most, tokenizer.bos(), random, text);
        return text.ended(most);
    }

    /** A text on its way. */
    private final class Text implements TokenListener {
        private final TextStream stream = new TextStream(tokenizer, config.stop());
        private final StringBuilder text = new StringBuilder();
        private final Consumer<String> listener;
        private int left = config.maxCharacters();
        private int tokens;

        private Text(Consumer<String> listener) {
            this.listener = listener;
        }

        @Override
        public boolean accept(int token) {
            tokens++;
            pass(stream.add(token));
            return !stream.stopped() && left > 0;
        }

        private void pass(String certain) {
            int characters = certain.codePointCount(0, certain.length());
            String piece = characters <= left ? certain : certain.substring(0, certain.offsetByCodePoints(0, left));
            left -= Math.min(characters, left);
            text.append(piece);
            if (!piece.isEmpty()) {
                listener.accept(piece);
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
