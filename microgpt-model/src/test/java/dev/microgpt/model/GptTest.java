package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GptTest {
    private static final GptConfig CONFIG = new GptConfig(5, 1, 2, 4, 3);

    private final Gpt gpt = RandomModels.gpt(CONFIG, 1);

    @Test
    void thereIsARowOfScoresForEachToken() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2, 3, 4}, new int[] {0, 1}));
        assertEquals(Shape.of(4, 5), gpt.forward(Tape.training(), batch).shape());
        assertEquals(CONFIG, gpt.config());
    }

    @Test
    void trainingAndInferenceComputeTheSameBits() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2, 3, 4}, new int[] {0, 1}));
        assertArrayEquals(
                gpt.forward(Tape.training(), batch).toArray(),
                gpt.forward(Tape.inference(), batch).toArray());
    }

    @Test
    void positionsBeginAgainInEverySequence() {
        double[] logits = gpt.forward(
                        Tape.inference(), Batch.forTraining(List.of(new int[] {1, 1, 1}, new int[] {1, 2})))
                .toArray();
        for (int i = 0; i < 5; i++) {
            assertEquals(logits[i], logits[10 + i], "token 1 at position 0, in both sequences");
            assertNotEquals(logits[i], logits[5 + i], "token 1 at positions 0 and 1");
        }
    }

    @Test
    void aSequenceOfTheWholeBlockFits() {
        assertEquals(
                Shape.of(3, 5),
                gpt.forward(Tape.inference(), Batch.ofPrompt(1, 2, 3)).shape());
    }

    @Test
    void itsTextNamesSizesPartsAndParameters() {
        GptConfig config = new GptConfig(50, 2, 2, 4, 3, GptVariant.NANO);
        assertEquals("""
                Gpt with 616 parameters
                  layers 2, heads 2, channels 4, MLP 16, block size 3, vocabulary 50
                  layernorm also before the head, gelu, bias false, tied head true, dropout 0.0
                  wte                      (50, 4)                   200
                  wpe                      (3, 4)                     12
                  layer0.attn_norm.gain    (4)                         4
                  layer0.attn_wq           (4, 4)                     16
                  layer0.attn_wk           (4, 4)                     16
                  layer0.attn_wv           (4, 4)                     16
                  layer0.attn_wo           (4, 4)                     16
                  layer0.mlp_norm.gain     (4)                         4
                  layer0.mlp_fc1           (16, 4)                    64
                  layer0.mlp_fc2           (4, 16)                    64
                  final_norm.gain          (4)                         4
                  and for each of the other layers what layer0 has""", RandomModels.gpt(config, 1).toString());
    }

    @Test
    void aSequenceBeyondTheBlockIsRefused() {
        assertRefused(
                "gpt: a sequence has 4 positions, but the model has 3; shorten the sequence, or use a model with a"
                        + " larger block size",
                () -> gpt.forward(Tape.inference(), Batch.ofPrompt(1, 2, 3, 4)));
    }

    @Test
    void aSequenceBeyondTheBlockIsRefusedWithACacheAndLeavesNoTrace() {
        KeyValueCache cache = new KeyValueCache(CONFIG);
        Tape tape = Tape.inference();
        gpt.forward(tape, Batch.ofPrompt(1, 2), cache);
        assertRefused(
                "gpt: a sequence has 4 positions, but the model has 3; shorten the sequence, or use a model with a"
                        + " larger block size",
                () -> gpt.forward(tape, Batch.ofPrompt(1, 2), cache));
        assertEquals(2, cache.length());
        double[] next = gpt.forward(tape, Batch.ofPrompt(3), cache).toArray();
        double[] all = gpt.forward(tape, Batch.ofPrompt(1, 2, 3)).toArray();
        assertArrayEquals(Arrays.copyOfRange(all, 10, 15), next);
    }

    @Test
    void aTokenThatIsNotInTheVocabularyIsRefusedAndLeavesNoTraceInACache() {
        KeyValueCache cache = new KeyValueCache(CONFIG);
        Tape tape = Tape.inference();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> gpt.forward(tape, Batch.ofPrompt(1, 5), cache));
        assertEquals("embedding: ids[1] is 5, but must be from 0 to 4, because table is (5, 4)", e.getMessage());
        assertEquals(0, cache.length());
    }

    @Test
    void severalSequencesWithACacheAreRefused() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2}, new int[] {1, 2}));
        assertRefused(
                "gpt: a cache holds one sequence, but the batch has 2; give each sequence a cache and a batch of its"
                        + " own",
                () -> gpt.forward(Tape.inference(), batch, new KeyValueCache(CONFIG)));
    }

    @Test
    void aCacheOnATrainingTapeIsRefused() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> gpt.forward(Tape.training(), Batch.ofPrompt(1), new KeyValueCache(CONFIG)));
        assertEquals(
                "gpt: a key-value cache holds no gradients; generate on Tape.inference(), train without a cache",
                e.getMessage());
    }

    @Test
    void aCacheOfAnotherModelIsRefused() {
        KeyValueCache smaller = new KeyValueCache(new GptConfig(5, 1, 2, 4, 2));
        assertThrows(
                IllegalArgumentException.class, () -> gpt.forward(Tape.inference(), Batch.ofPrompt(1, 2, 3), smaller));
        KeyValueCache deeper = new KeyValueCache(new GptConfig(5, 2, 2, 4, 3));
        assertThrows(IllegalArgumentException.class, () -> gpt.forward(Tape.inference(), Batch.ofPrompt(1), deeper));
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}
