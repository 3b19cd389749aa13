/**
 * GPT models, tokenizers and text generation.
 *
 * <p>Start at {@link dev.microgpt.model.Gpt}; each package describes its reading order.
 */
module dev.microgpt.model {
    requires transitive dev.microgpt.autograd;
    requires static org.jspecify;

    exports dev.microgpt.model;
    exports dev.microgpt.model.generate;
    exports dev.microgpt.model.random;
    exports dev.microgpt.model.tokenizer;
}
