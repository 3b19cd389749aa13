package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.RotaryTable;
import dev.microgpt.model.setting.Part;
import java.util.List;

/**
 * How the position of a token enters the model: added to its embedding, or in the queries and keys of the attention.
 *
 * @see Part
 */
@FunctionalInterface
public interface Positions extends Part<Positions> {
    /** A table with a trained vector for each position, {@code wpe}, which is added to the embedding, as in GPT-2. */
    Positions LEARNED = new Positions() {
        @Override
        public String name() {
            return "learned";
        }

        @Override
        public Encoding create(Scope scope, GptConfig config) {
            Initializer weights = config.get(GptConfig.INITIALIZATION).weights(config.nEmbd());
            Parameter wpe = scope.weight("wpe", Shape.of(config.blockSize(), config.nEmbd()), weights);
            return new Encoding() {
                @Override
                public Tensor embed(Tape tape, Tensor tokens, Batch batch) {
                    return tape.add(tokens, tape.embedding(wpe, batch.positions()));
                }
            };
        }

        @Override
        public String toString() {
            return name();
        }
    };

    /**
     * No positions: only causality lets the model tell the order of tokens.
     *
     * @see <a href="https://arxiv.org/abs/2305.19466">Kazemnejad et al., The Impact of Positional Encoding on Length
     *     Generalization in Transformers, 2023</a>
     */
    Positions NONE = new Positions() {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public Encoding create(Scope scope, GptConfig config) {
            return new Encoding() {
                @Override
                public boolean isEndless() {
                    return true;
                }
            };
        }

        @Override
        public String toString() {
            return name();
        }
    };

    /**
     * Rotary positions: the dot product of a query and a key depends on their distance. The setting
     * {@link GptConfig#ROPE_THETA} is their base.
     *
     * @see dev.microgpt.autograd.op.Rotary
     */
    Positions ROPE = new Positions() {
        @Override
        public String name() {
            return "rope";
        }

        @Override
        public Encoding create(Scope scope, GptConfig config) {
            RotaryTable table = new RotaryTable(config.headDim(), config.get(GptConfig.ROPE_THETA), config.blockSize());
            return new Encoding() {
                @Override
                public Tensor turn(Tape tape, Tensor x, int heads, Batch batch) {
                    return tape.rotary(x, heads, table, batch.positions());
                }

                @Override
                public boolean isEndless() {
                    return true;
                }
            };
        }

        @Override
        public String toString() {
            return name();
        }
    };

    /** The library's own. */
    List<Positions> BUILT_IN = List.of(LEARNED, NONE, ROPE);

    /**
     * Creates the encoding of one model.
     *
     * @param scope  the scope of the whole model, from which it requests weights, if it has any
     * @param config the sizes and parts of the model
     * @return the encoding, which all blocks share
     */
    Encoding create(Scope scope, GptConfig config);

    /** Positions in one model. An encoding does what it overrides; by default it changes nothing. */
    interface Encoding {
        /**
         * Adds positions to the embedding of the tokens.
         *
         * @param tape   records the operations
         * @param tokens the token embedding, shape {@code (T, C)}
         * @param batch  knows the positions of the tokens
         * @return shape {@code (T, C)}
         */
        default Tensor embed(Tape tape, Tensor tokens, Batch batch) {
            return tokens;
        }

        /**
         * Adds positions to queries or keys, before their dot products are taken.
         *
         * @param tape  records the operations
         * @param x     queries or keys, shape {@code (T, heads · d)}
         * @param heads the number of heads in {@code x}
         * @param batch knows the positions of the rows
         * @return shape {@code (T, heads · d)}
         */
        default Tensor turn(Tape tape, Tensor x, int heads, Batch batch) {
            return x;
        }

        /**
         * Returns whether positions beyond the block size have a meaning.
         *
         * @return false unless overridden: a table of trained vectors ends with the block
         */
        default boolean isEndless() {
            return false;
        }
    }
}
