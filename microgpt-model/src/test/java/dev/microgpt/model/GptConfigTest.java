package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.random.PythonRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GptConfigTest {
    @Test
    void microgptHas4192WeightsFor27Tokens() {
        GptConfig config = GptConfig.microgpt(27);
        assertEquals(GptConfig.microgpt(27).withSizes(1, 4, 16, 16), config);
        assertEquals(4192, config.parameterCount());
    }

    static List<GptConfig> shapes() {
        return RandomModels.SHAPES;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theWeightsAreAsManyAsAModelHas(GptConfig config) {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(0)));
        assertEquals(gpt.parameters().count(), config.parameterCount());
    }

    @Test
    void theNumberOfWeightsOfAModelWithAParameterBeyondAnyArrayIsInfinite() {
        int max = Integer.MAX_VALUE;
        assertEquals(2.0 * max + 1.0 * max * 12 + 1, many(max).parameterCount());
        assertEquals(
                Double.POSITIVE_INFINITY,
                GptConfig.microgpt(max).withSizes(1, 1, 2, 1).parameterCount());
    }

    /** One channel, and as many tokens and layers as an integer counts. */
    private static GptConfig many(int max) {
        return GptConfig.microgpt(max).withSizes(max, 1, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1 | 1 | 1 | 1 | 1 | vocab_size is 1, but must be an integer of at least 2
        -3 | 1 | 1 | 1 | 1 | vocab_size is -3, but must be an integer of at least 2
        2 | 0 | 1 | 1 | 1 | n_layer is 0, but must be an integer of at least 1
        2 | -1 | 1 | 1 | 1 | n_layer is -1, but must be an integer of at least 1
        2 | 1 | 0 | 1 | 1 | n_head is 0, but must be an integer of at least 1
        2 | 1 | 1 | 0 | 1 | n_embd is 0, but must be an integer of at least 1
        2 | 1 | 1 | 1 | 0 | block_size is 0, but must be an integer of at least 1
        27 | 1 | 4 | 30 | 16 | n_embd 30 is not divisible by n_head 4; the nearest multiples are 28 and 32
        27 | 1 | 3 | 10 | 16 | n_embd 10 is not divisible by n_head 3; the nearest multiples are 9 and 12
        27 | 1 | 4 | 3 | 16 | n_embd 3 is not divisible by n_head 4; the nearest multiple is 4
        """)
    void numbersOutOfRangeAreRefusedByName(
            int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> GptConfig.microgpt(vocabSize)
                        .withSizes(nLayer, nHead, nEmbd, blockSize)
                        .checkFits());
        assertEquals(message, e.getMessage());
    }

    @Test
    void widthOfTheMlpIsFourTimesTheModelsUnlessSaid() {
        assertEquals(64, GptConfig.microgpt(27).nInner());
        assertEquals(5, GptConfig.nano(27).withSizes(1, 4, 16, 16).withInner(5).nInner());
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> GptConfig.nano(27).withSizes(1, 4, 16, 16).withInner(0));
        assertEquals("n_inner is 0, but must be an integer of at least 1", e.getMessage());
    }

    @Test
    void vocabularyAndWidthOfTheMlpCanBeChangedAndNothingElse() {
        GptConfig config = GptConfig.nano(27).withSizes(3, 4, 16, 8).withInner(20);
        assertEquals(GptConfig.nano(65).withSizes(3, 4, 16, 8).withInner(20), config.withVocabSize(65));
        assertEquals(GptConfig.nano(27).withSizes(3, 4, 16, 8).withInner(7), config.withInner(7));
        assertEquals(
                48,
                config.with(GptConfig.N_EMBD, 12)
                        .withInner(48)
                        .with(GptConfig.N_EMBD, 12)
                        .nInner());
        assertEquals(32, config.withInner(64).with(GptConfig.N_EMBD, 8).nInner());
    }

    @Test
    void headsFollowTheSizesUnlessTheyAreSaid() {
        GptConfig config = GptConfig.nano(27).withSizes(1, 6, 24, 8);
        assertEquals(6, config.nKvHead());
        assertEquals(4, config.headDim());
        assertEquals(3, config.with(GptConfig.N_HEAD, 3).nKvHead());
        assertEquals(8, config.with(GptConfig.N_HEAD, 3).headDim());
        GptConfig said = config.with(GptConfig.N_KV_HEAD, 2).with(GptConfig.HEAD_DIM, 5);
        assertEquals(2, said.with(GptConfig.N_HEAD, 4).nKvHead());
        GptConfig odd = said.with(GptConfig.N_EMBD, 25);
        assertEquals(5, odd.headDim());
        odd.checkFits();
        assertEquals(
                2 * 6 * 5 * 25 + 2 * 2 * 5 * 25,
                odd.parameterCount() - odd.with(GptConfig.HEAD_DIM, 1).parameterCount() + 2 * 6 * 25 + 2 * 2 * 25);
    }

    @Test
    void aWidthThatIsTheRoundedQuotientIsAWidthThatIsSaid() {
        GptConfig config = GptConfig.nano(27).withSizes(1, 4, 10, 8).with(GptConfig.HEAD_DIM, 2);
        config.checkFits();
        assertEquals(2, config.headDim());
    }

    @Test
    void headsThatCannotBeSharedAreRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> GptConfig.nano(27).with(GptConfig.N_KV_HEAD, 3).checkFits());
        assertEquals(
                "n_head 4 is not divisible by n_kv_head 3; every head of keys and values must serve as many heads of"
                        + " queries",
                e.getMessage());
        IllegalArgumentException wide = assertThrows(
                IllegalArgumentException.class,
                () -> GptConfig.nano(27).with(GptConfig.HEAD_DIM, 1 << 30).checkFits());
        assertEquals(
                "n_head 4 times head_dim 1073741824 are more channels than the 2147483647 that a row can have",
                wide.getMessage());
    }

    @Test
    void theNearestDivisibleSizeDoesNotOverflow() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> GptConfig.microgpt(2)
                        .withSizes(1, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1)
                        .checkFits());
        assertEquals(
                "n_embd 2147483647 is not divisible by n_head 2147483646; the nearest multiples are 2147483646 and"
                        + " 4294967292",
                e.getMessage());
    }
}
