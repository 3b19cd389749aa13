/**
 * A GPT, the tokenizer in front of it and the sampling behind it.
 *
 * <p>Start at {@link dev.microgpt.model.Gpt}.
 */
module dev.microgpt.model {
    requires transitive dev.microgpt.autograd;
    requires static org.jspecify;

    exports dev.microgpt.model;
    exports dev.microgpt.model.generate;
    exports dev.microgpt.model.random;
    exports dev.microgpt.model.tokenizer;
}
