package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogprobsTest {
    private static final ByteTokenizer BYTES = new ByteTokenizer();

    /** One token per byte, of characters of 1 to 4 bytes, an incomplete one and one that nothing precedes. */
    @Test
    void aTokenBeginsAtTheCharacterThatItIsPartOf() {
        Logprobs logprobs = new Logprobs(BYTES, 0);
        byte[] bytes = {
            'a',
            (byte) 0xC3,
            (byte) 0xBC,
            'b',
            (byte) 0xF0,
            (byte) 0x9F,
            (byte) 0x99,
            (byte) 0x82,
            (byte) 0xE2,
            'c',
            (byte) 0x80,
            'd'
        };
        for (byte b : bytes) {
            logprobs.add(b & 0xFF, null);
        }
        Map<String, ?> taken = logprobs.take();
        assertEquals(List.of(0, 1, 1, 2, 3, 3, 3, 3, 4, 5, 6, 7), taken.get("text_offset"));
        assertEquals(List.of("a", "bytes:\\xc3", "bytes:\\xbc"), ((List<?>) taken.get("tokens")).subList(0, 3));
    }

    /** Each token of one byte belongs to the last character of the text that ends with it. */
    @Test
    void bytesThatAreNotUtf8AreCountedAsTheyAreDecoded() {
        int[] some = {0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFF};
        Random random = new Random(1);
        int[] tokens = random.ints(2000, 0, some.length).map(i -> some[i]).toArray();
        Logprobs logprobs = new Logprobs(BYTES, 0);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            logprobs.add(tokens[i], null);
            String text = BYTES.decode(Arrays.copyOf(tokens, i + 1));
            expected.add(text.codePointCount(0, text.length()) - 1);
        }
        assertEquals(expected, logprobs.take().get("text_offset"));
    }

    @Test
    void eachPartHasTheTokensSinceTheLast() {
        double[] logits = new double[BYTES.vocabSize()];
        logits['b'] = 2;
        logits['c'] = 1;
        Prediction prediction = Prediction.of(logits, 0, logits.length);
        Logprobs logprobs = new Logprobs(BYTES, 2);
        logprobs.add('a', null);
        assertEquals(List.of(0), logprobs.take().get("text_offset"));
        logprobs.add('c', prediction);
        Map<String, ?> taken = logprobs.take();
        assertEquals(List.of("c"), taken.get("tokens"));
        assertEquals(List.of(1), taken.get("text_offset"));
        assertEquals(List.of(prediction.logProbability('c')), taken.get("token_logprobs"));
        assertEquals(
                List.of(Map.of("b", prediction.logProbability('b'), "c", prediction.logProbability('c'))),
                taken.get("top_logprobs"));
        logprobs.add(BYTES.bos(), null);
        Map<String, ?> last = logprobs.take();
        assertEquals(List.of("<BOS>"), last.get("tokens"));
        assertEquals(Arrays.asList((Object) null), last.get("top_logprobs"));
    }
}
