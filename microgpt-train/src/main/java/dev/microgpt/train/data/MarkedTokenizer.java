package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.SpecialTokens;
import dev.microgpt.model.tokenizer.Tokenizer;

/** Encodes as another tokenizer does, but special tokens that are written out as these tokens. */
final class MarkedTokenizer implements Tokenizer {
    private final Tokenizer tokenizer;
    private final SpecialTokens specials;

    MarkedTokenizer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.specials = SpecialTokens.of(tokenizer);
    }

    @Override
    public int vocabSize() {
        return tokenizer.vocabSize();
    }

    @Override
    public int bos() {
        return tokenizer.bos();
    }

    @Override
    public int[] encode(String text) {
        return specials.encode(text);
    }

    @Override
    public String decode(int... ids) {
        return tokenizer.decode(ids);
    }

    @Override
    public byte[] bytes(int id) {
        return tokenizer.bytes(id);
    }

    @Override
    public int lastCut(String beginning) {
        return specials.lastCut(beginning);
    }
}
