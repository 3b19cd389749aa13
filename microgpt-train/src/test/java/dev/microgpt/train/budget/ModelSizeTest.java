package dev.microgpt.train.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSizeTest {
    @Test
    void eachSizeIsLargerThanTheOneBefore() {
        for (GptConfig base : List.of(GptConfig.nano(65), GptConfig.llama(65), GptConfig.nanochat(65))) {
            double before = 0;
            for (ModelSize size : ModelSize.ofText()) {
                GptConfig config = size.of(base);
                config.checkFits();
                assertTrue(config.parameterCount() > 1.5 * before, config.toString());
                before = config.parameterCount();
            }
        }
    }

    @Test
    void theFourthIsNanoAndTheLastGpt2Small() {
        GptConfig nano = GptConfig.nano(65);
        assertEquals(nano, ModelSize.ofText().get(3).of(nano));
        assertEquals(12, ModelSize.ofText().get(3).batchSize(64));
        GptConfig gpt2 = GptConfig.gpt2(50_257);
        assertEquals(gpt2, ModelSize.ofText().get(7).of(gpt2));
    }

    @Test
    void theMlpKeepsItsRelativeWidth() {
        assertEquals(3 * 192, ModelSize.ofText().get(4).of(GptConfig.llama(65)).nInner());
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "16, 16", "17, 32", "1000, 1024", "5000, 1024"})
    void theBlockHoldsADocument(int length, int block) {
        for (ModelSize size : ModelSize.ofDocuments(length)) {
            assertEquals(block, size.blockSize());
        }
    }

    @Test
    void aStepHasAboutAsManyTokensAsTheSizeSays() {
        ModelSize smallest = ModelSize.ofText().get(0);
        assertEquals(104, smallest.batchSize(7.4));
        assertEquals(1, smallest.batchSize(5000));
    }
}
