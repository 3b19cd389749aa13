/**
 * GPT models, tokenizers and text generation.
 *
 * <p>Start at {@link dev.microgpt.model.Gpt}; each package describes its reading order.
 */
module dev.microgpt.model {
    requires transitive dev.microgpt.autograd;
    requires static org.jspecify;

    exports dev.microgpt.model;
    exports dev.microgpt.model.check;
    exports dev.microgpt.model.generate;
    exports dev.microgpt.model.random;
    exports dev.microgpt.model.setting;
    exports dev.microgpt.model.tokenizer;
    exports dev.microgpt.model.trace;

    uses dev.microgpt.model.Activation;
    uses dev.microgpt.model.Attention;
    uses dev.microgpt.model.Mlp;
    uses dev.microgpt.model.ModelType;
    uses dev.microgpt.model.Norm;
    uses dev.microgpt.model.Positions;
}
