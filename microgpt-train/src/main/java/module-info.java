/**
 * Training: data, optimizer, the loop and its checkpoints.
 *
 * <p>Start at {@link dev.microgpt.train.Trainer}.
 */
module dev.microgpt.train {
    requires transitive dev.microgpt.model;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports dev.microgpt.train;
    exports dev.microgpt.train.checkpoint;
    exports dev.microgpt.train.data;
    exports dev.microgpt.train.huggingface;
    exports dev.microgpt.train.safetensors;
}
