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
        assertEquals(new GptConfig(27, 1, 4, 16, 16), config);
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
    void theNumberOfWeightsDoesNotOverflow() {
        int max = Integer.MAX_VALUE;
        double wide = max / 4;
        double expected = wide * (2.0 * max + max) + 12.0 * max * wide * wide;
        assertEquals(expected, new GptConfig(max, max, 1, max / 4, max).parameterCount(), 1e-15 * expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1 | 1 | 1 | 1 | 1 | vocab-size is 1, but must be at least 2
        -3 | 1 | 1 | 1 | 1 | vocab-size is -3, but must be at least 2
        2 | 0 | 1 | 1 | 1 | n-layer is 0, but must be at least 1
        2 | -1 | 1 | 1 | 1 | n-layer is -1, but must be at least 1
        2 | 1 | 0 | 1 | 1 | n-head is 0, but must be at least 1
        2 | 1 | 1 | 0 | 1 | n-embd is 0, but must be at least 1
        2 | 1 | 1 | 1 | 0 | block-size is 0, but must be at least 1
        27 | 1 | 4 | 30 | 16 | n-embd 30 is not divisible by n-head 4; the nearest multiples are 28 and 32
        27 | 1 | 3 | 10 | 16 | n-embd 10 is not divisible by n-head 3; the nearest multiples are 9 and 12
        27 | 1 | 4 | 3 | 16 | n-embd 3 is not divisible by n-head 4; the nearest multiple is 4
        """)
    void numbersOutOfRangeAreRefusedByName(
            int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize));
        assertEquals(message, e.getMessage());
    }

    @Test
    void widthOfTheMlpIsFourTimesTheModelsUnlessSaid() {
        assertEquals(64, GptConfig.microgpt(27).nInner());
        assertEquals(5, new GptConfig(27, 1, 4, 16, 16, 5, GptVariant.NANO).nInner());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new GptConfig(27, 1, 4, 16, 16, 0, GptVariant.NANO));
        assertEquals("n-inner is 0, but must be at least 1", e.getMessage());
    }

    @Test
    void vocabularyWidthOfTheMlpAndVariantCanBeChangedAndNothingElse() {
        GptConfig config = new GptConfig(27, 3, 4, 16, 8, 20, GptVariant.NANO);
        assertEquals(new GptConfig(65, 3, 4, 16, 8, 20, GptVariant.NANO), config.withVocabSize(65));
        assertEquals(new GptConfig(27, 3, 4, 16, 8, 7, GptVariant.NANO), config.withInner(7));
        assertEquals(new GptConfig(27, 3, 4, 16, 8, 20, GptVariant.GPT2), config.withVariant(GptVariant.GPT2));
    }

    @Test
    void theNearestDivisibleSizeDoesNotOverflow() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new GptConfig(2, 1, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1));
        assertEquals(
                "n-embd 2147483647 is not divisible by n-head 2147483646; the nearest multiples are 2147483646 and"
                        + " 4294967292",
                e.getMessage());
    }
}
