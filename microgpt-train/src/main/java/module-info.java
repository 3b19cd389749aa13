/**
 * Training: data, the training loop, optimizers, checkpoints, and the file formats of other programs.
 *
 * <p>The entry point is {@link dev.microgpt.train.Trainer}. {@link dev.microgpt.train.data} makes batches from files,
 * {@link dev.microgpt.train.checkpoint} saves a run in the format of {@link dev.microgpt.train.safetensors}, and
 * {@link dev.microgpt.train.huggingface} imports and exports GPT-2 models.
 * {@link dev.microgpt.train.attribution} attributes a text to training documents, and
 * {@link dev.microgpt.train.budget} chooses the size of a model for a given time.
 * {@link dev.microgpt.train.score} finds lines that are unusual, and {@link dev.microgpt.train.sweep} trains and
 * compares several runs.
 */
module dev.microgpt.train {
    requires transitive dev.microgpt.model;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports dev.microgpt.train;
    exports dev.microgpt.train.attribution;
    exports dev.microgpt.train.budget;
    exports dev.microgpt.train.checkpoint;
    exports dev.microgpt.train.data;
    exports dev.microgpt.train.data.read;
    exports dev.microgpt.train.huggingface;
    exports dev.microgpt.train.safetensors;
    exports dev.microgpt.train.score;
    exports dev.microgpt.train.sweep;

    uses dev.microgpt.train.OptimizerType;
    uses dev.microgpt.train.sweep.RunTrainer;
}
