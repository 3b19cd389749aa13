package dev.microgpt.train.fuzz;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import java.util.List;

/** Models with very few parameters, whose files have a few kilobytes. */
final class TinyModels {
    private TinyModels() {}

    /** Returns the state after two steps, when no moment is zero. */
    static Checkpoint checkpoint() {
        TrainingConfig training = new TrainingConfig(3, 1, 0.01, 0.85, 0.99, 1e-8, 42);
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("ab\u00e9");
        PythonRandom random = new PythonRandom(training.seed());
        Gpt gpt = new Gpt(GptConfig.microgpt(4).withSizes(1, 1, 2, 3), Parameters.drawnFrom(random));
        Batcher batcher = new Batcher(List.of("ab", "b\u00e9"), tokenizer, 1, 3);
        Adam adam = new Adam(gpt.parameters().all(), training.adam());
        new Trainer(gpt, batcher, adam, training).run(2);
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0.25, "0123456789abcdef".repeat(4));
        return new Checkpoint(training, tokenizer, gpt, adam, 2, random.state(), data, 1.5);
    }

    static TrainedModel model(Tokenizer tokenizer, GptConfig variant) {
        GptConfig config = variant.withVocabSize(tokenizer.vocabSize()).withSizes(2, 2, 4, 3);
        return new TrainedModel(new Gpt(config, Parameters.drawnFrom(new PythonRandom(1))), tokenizer, DataFormat.TEXT);
    }

    /** With few tokens, so the files of its models are small. */
    static BpeTokenizer bpe() {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        byte[][] bytes = {{'a'}, {'b'}, {'#'}, {' '}, {'a', 'b'}, {'#', '#'}, {' ', 'a', 'b'}};
        for (int id = 0; id < bytes.length; id++) {
            builder.token(id, bytes[id]);
        }
        builder.merge(bytes[0], bytes[1]).merge(bytes[2], bytes[2]).merge(bytes[3], bytes[4]);
        return new BpeTokenizer(
                builder.special(7, "<|endoftext|>").special(8, "<pad>").build());
    }

    /** With all 256 bytes, as a GPT-2 needs. */
    static BpeTokenizer completeBpe() {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int b = 0; b < 256; b++) {
            builder.token(b, new byte[] {(byte) b});
        }
        byte[] ab = {'a', 'b'};
        builder.token(256, ab).merge(new byte[] {'a'}, new byte[] {'b'});
        return new BpeTokenizer(
                builder.special(257, "<|endoftext|>").special(258, "<pad>").build());
    }
}
