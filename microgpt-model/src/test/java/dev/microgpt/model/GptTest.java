package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GptTest {
    private static final GptConfig CONFIG = GptConfig.microgpt(5).withSizes(1, 2, 4, 3);

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
        GptConfig config = GptConfig.nano(50).withSizes(2, 2, 4, 3);
        String text = RandomModels.gpt(config, 1).toString();
        assertTrue(text.startsWith("Gpt with 616 parameters\n  vocab_size 50, n_layer 2, n_head 2, n_embd 4, "), text);
        assertTrue(text.contains("norm layernorm\n") && text.contains("\n  activation gelu, bias false, "), text);
        String table = """
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
                  and for each of the other layers what layer0 has""";
        assertTrue(text.endsWith(table.indent(2).stripTrailing()), text);
    }

    @Test
    void aSequenceBeyondTheBlockIsRefused() {
        assertRefused(
                "gpt: a sequence has 4 positions, but the model has 3; shorten the sequence, or use a model with a"
                        + " larger block size",
                () -> gpt.forward(Tape.inference(), Batch.ofPrompt(1, 2, 3, 4)));
    }

    @Test
    void aSequenceBeyondTheBlockIsRefusedByADecoderAndLeavesNoTrace() {
        Decoder decoder = gpt.decoder();
        Tape tape = Tape.inference();
        decoder.forward(tape, Batch.ofPrompt(1, 2));
        assertRefused(
                "decoder: the sequence has 4 positions, but the model has 3; shorten the sequence, or use a model with"
                        + " a larger block size",
                () -> decoder.forward(tape, Batch.ofPrompt(1, 2)));
        assertEquals(2, decoder.length());
        double[] next = decoder.forward(tape, Batch.ofPrompt(3)).toArray();
        double[] all = gpt.forward(tape, Batch.ofPrompt(1, 2, 3)).toArray();
        assertArrayEquals(Arrays.copyOfRange(all, 10, 15), next);
    }

    @Test
    void aTokenThatIsNotInTheVocabularyIsRefusedAndLeavesNoTraceInADecoder() {
        Decoder decoder = gpt.decoder();
        assertRefused(
                "batch: token 1 is 5, but must be from 0 to 4, the tokens of the model",
                () -> decoder.forward(Tape.inference(), Batch.ofPrompt(1, 5)));
        assertEquals(0, decoder.length());
    }

    @Test
    void severalSequencesAreRefusedByADecoder() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2}, new int[] {1, 2}));
        assertRefused(
                "decoder: it holds one sequence, but the batch has 2; give each sequence a decoder and a batch of its"
                        + " own",
                () -> gpt.decoder().forward(Tape.inference(), batch));
    }

    @Test
    void aDecoderOnATrainingTapeIsRefused() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> gpt.decoder().forward(Tape.training(), Batch.ofPrompt(1)));
        assertEquals(
                "decoder: it holds no gradients; generate on Tape.inference(), and train with the forward pass of the"
                        + " model",
                e.getMessage());
    }

    @Test
    void onlyAWindowWithoutTrainedPositionsGoesOnBeyondTheBlock() {
        GptConfig window = GptConfig.llama(7).withSizes(2, 2, 8, 4).with(GptConfig.WINDOW, 2);
        assertTrue(decoder(window).isEndless());
        assertTrue(decoder(window.withPositions(Positions.NONE)).isEndless());
        assertFalse(decoder(window.withPositions(Positions.LEARNED)).isEndless());
        assertFalse(decoder(window.with(GptConfig.WINDOW, 0)).isEndless());
        Decoder learned = decoder(window.withPositions(Positions.LEARNED));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> learned.forward(Tape.inference(), Batch.ofPrompt(0, 1, 2, 3, 4)));
        assertEquals(
                "decoder: the sequence has 5 positions, but the model has 4; shorten the sequence, or use a model with"
                        + " a larger block size",
                e.getMessage());
    }

    private static Decoder decoder(GptConfig config) {
        return RandomModels.gpt(config, 1).decoder();
    }

    @Test
    void aDecoderThatFailedInsideTheModelMustBeginAgain() {
        boolean[] fails = new boolean[1];
        Mlp failing = (scope, config) -> (tape, x, batch) -> {
            if (fails[0]) {
                throw new UnsupportedOperationException("on purpose");
            }
            return x;
        };
        Gpt failingGpt = RandomModels.gpt(CONFIG.withMlp(failing), 1);
        Decoder decoder = failingGpt.decoder();
        Tape tape = Tape.inference();
        decoder.forward(tape, Batch.ofPrompt(1));
        fails[0] = true;
        assertThrows(UnsupportedOperationException.class, () -> decoder.forward(tape, Batch.ofPrompt(2)));
        fails[0] = false;
        assertEquals(
                "decoder: the last call failed inside the model, so that what is remembered may be incomplete; call"
                        + " clear() and begin the sequence again",
                assertThrows(IllegalStateException.class, () -> decoder.forward(tape, Batch.ofPrompt(2)))
                        .getMessage());
        decoder.clear();
        assertArrayEquals(
                failingGpt.forward(tape, Batch.ofPrompt(1, 2)).toArray(),
                decoder.forward(tape, Batch.ofPrompt(1, 2)).toArray());
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}
