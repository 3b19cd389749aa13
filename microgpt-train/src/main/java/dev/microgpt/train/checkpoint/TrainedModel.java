package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.TrainingDivergedException;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentWindows;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TextWindows;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Surrogates;
import dev.microgpt.train.internal.json.TokenizerJson;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model with its tokenizer, for inference: without the state of the training run.
 *
 * <pre>{@code
 * TrainedModel model = TrainedModel.load(Path.of("out/checkpoint.safetensors"));
 * String name = model.generate("ka", SamplingConfig.ofTemperature(0.5), 42);
 * double loss = model.score("karina").loss();
 * }</pre>
 *
 * <p>Every {@link Checkpoint} contains one. A file with the model alone has a third of the size.
 *
 * <p>Any number of threads may use it at the same time, with the same bits as one alone, while no thread trains the
 * model.
 *
 * @param model     the model
 * @param tokenizer the tokenizer; it may have fewer tokens than the model, and their ids are then the first ones
 * @param format    the form of the training data, which decides how generated text begins
 */
public record TrainedModel(LanguageModel model, Tokenizer tokenizer, DataFormat format) {
    /** The usual length of a text that has no end of its own, in characters. */
    public static final int USUAL_CHARACTERS = 300;

    /**
     * Checks that model and tokenizer fit.
     *
     * @param model     the model
     * @param tokenizer a tokenizer with no more tokens than the model
     * @param format    the form of the training data
     * @throws IllegalArgumentException if the tokenizer has more tokens than the model
     */
    public TrainedModel {
        if (tokenizer.vocabSize() > model.config().vocabSize()) {
            throw new IllegalArgumentException(
                    "model: the tokenizer has " + tokenizer.vocabSize() + " tokens, the model only "
                            + model.config().vocabSize() + "; use the tokenizer it was trained with");
        }
    }

    /**
     * Returns a copy of the model for inference, as {@link #loadForInference} reads it.
     *
     * @return a model with the same tokenizer
     * @throws IllegalStateException if another thread trains the model
     */
    public TrainedModel forInference() {
        return new TrainedModel(model.forInference(), tokenizer, format);
    }

    /**
     * Generates a text, as {@code microgpt sample} does for the first of its samples.
     *
     * @param prompt   the beginning of the text; may be empty
     * @param sampling how each token is chosen
     * @param seed     the seed of the random choices; an unsigned number
     * @return the new text, without the prompt: up to the end of the document, or of the block; from a model of one
     *     long text 300 characters
     * @throws IllegalArgumentException if the vocabulary lacks a character of the prompt, if the prompt of a document
     *     does not fit into the block, or if the logits of the model are not numbers
     * @throws IllegalStateException    if another thread trains the model
     */
    public String generate(String prompt, SamplingConfig sampling, long seed) {
        return generate(prompt, GenerationConfig.of(sampling), seed);
    }

    /**
     * Generates a text with settings of where it ends.
     *
     * @param prompt the beginning of the text; may be empty
     * @param config the settings; without a limit of the length, the usual ones of the shorter method apply
     * @param seed   the seed of the random choices; an unsigned number
     * @return the new text, without the prompt
     * @throws IllegalArgumentException as the shorter method
     * @throws IllegalStateException    if another thread trains the model
     */
    public String generate(String prompt, GenerationConfig config, long seed) {
        return stream(prompt, config, seed, piece -> {}).text();
    }

    /**
     * Generates a text, and passes it on piece by piece before the next token is computed.
     *
     * @param prompt   the beginning of the text; may be empty
     * @param config   the settings; without a limit of the length, the usual ones of {@link #generate(String,
     *     SamplingConfig, long)} apply
     * @param seed     the seed of the random choices; an unsigned number
     * @param listener called by this thread with the pieces, which add up to the new text; an exception that it throws
     *     ends the text
     * @return the new text, without the prompt, and why it ended
     * @throws IllegalArgumentException as {@link #generate(String, SamplingConfig, long)}
     * @throws IllegalStateException    if another thread trains the model
     */
    public GeneratedText stream(String prompt, GenerationConfig config, long seed, Consumer<String> listener) {
        TextGenerator generator = generator(config);
        int[] tokens = format.promptTokens(tokenizer, prompt);
        int blockSize = model.config().blockSize();
        if (format == DataFormat.DOCUMENTS
                && tokens.length > blockSize
                && config.beyondBlock() == null
                && !generator.tokens().isEndless()) {
            throw new IllegalArgumentException("generate: the prompt has " + (tokens.length - 1)
                    + " tokens, but must have at most " + (blockSize - 1) + ": the block size is " + blockSize
                    + ", and one position marks the beginning of the document; shorten the prompt, or continue from its"
                    + " last tokens as if a document began there, with GenerationConfig.withBeyondBlock");
        }
        return generator.generate(tokens, new PythonRandom(seed), listener);
    }

    /**
     * Creates a generator for many texts, which share its memory. It begins with tokens: those of a prompt are
     * {@code format().promptTokens(tokenizer(), prompt)}.
     *
     * @param config the settings; without a limit of the length, the usual ones of {@link #generate(String,
     *     SamplingConfig, long)} apply
     * @return a generator for one thread at a time
     */
    public TextGenerator generator(GenerationConfig config) {
        boolean hasNoEnd = format == DataFormat.TEXT && !config.isLimited();
        return new TextGenerator(model, tokenizer, hasNoEnd ? config.withMaxCharacters(USUAL_CHARACTERS) : config);
    }

    /**
     * Evaluates the model on a text, as {@code microgpt eval --text} does: on one document per line, or on one text,
     * according to the format, in windows of the block size that do not overlap.
     *
     * @param text the text; line ends count as line feeds, as in a file
     * @return the loss, with the number of tokens and bytes that were predicted
     * @throws IllegalArgumentException  if there is nothing to predict, if the vocabulary lacks a character, or if the
     *     text contains U+0000 or an unpaired surrogate
     * @throws TrainingDivergedException if the loss is NaN or infinite
     * @throws IllegalStateException     if another thread trains the model
     */
    public Evaluation score(String text) {
        try {
            return new Evaluator(model, windows(text)).evaluate(0);
        } catch (IOException refused) { // of the text: there is no file
            throw new IllegalArgumentException("score: " + refused.getMessage(), refused);
        }
    }

    private ValidationSet windows(String text) throws IOException {
        byte[] bytes = utf8(text);
        int blockSize = model.config().blockSize();
        int batchSize = Evaluator.windowsPerBatch(model.config());
        if (format == DataFormat.DOCUMENTS) {
            List<String> documents = Documents.of(bytes, "text").texts();
            return new DocumentWindows(documents, tokenizer, batchSize, blockSize, blockSize);
        }
        TextSource source = TextSource.of(new ByteArrayInputStream(bytes), "text");
        Tokens tokens = TextCorpus.read(source, 0, tokenizer).training();
        if (tokens.count() < 2) {
            throw new IllegalArgumentException("score: the text has " + tokens.count()
                    + " token, but must have at least 2: the first has no context to be predicted from; give a longer"
                    + " text");
        }
        return new TextWindows(tokens, blockSize, batchSize, tokenizer);
    }

    /** Encodes the text, and refuses half a character, for which Java would write a question mark, and U+0000. */
    private static byte[] utf8(String text) {
        if (Surrogates.unpaired(text) >= 0) {
            throw new IllegalArgumentException("score: the text has an unpaired surrogate, which is half a character;"
                    + " remove it, or cut texts between characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("score: the text has the character U+0000, but must not; remove it");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Creates a file or replaces it atomically: after a crash at any moment it has the old content or the new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalArgumentException if the tokenizer cannot be stored
     *     ({@link Checkpoint#checkStorable(Tokenizer)}), or the model has a part or a type that a file cannot name, or
     *     that computes something else when it is created again; an existing file is kept
     * @throws IllegalStateException    if a number is NaN or infinite, if another thread trains the model, or if the
     *     model is {@linkplain #forInference for inference}; an existing file is kept
     * @throws IOException              if the file cannot be written; an existing file is kept
     */
    public void save(Path file) throws IOException {
        ParameterUpdates updates =
                ParameterUpdates.watch("model", model.parameters().all());
        Map<String, String> metadata = new LinkedHashMap<>();
        ModelMetadata.put(metadata, model);
        CheckpointMetadata.putFormat(metadata, format);
        metadata.put(ModelMetadata.TOKENIZER, TokenizerJson.write(tokenizer));
        List<NamedTensor> tensors = StoredTensors.ofModel(model);
        StoredTensors.checkFinite(tensors);
        Safetensors.write(file, metadata, tensors, updates);
    }

    /**
     * Reads the model from a file that {@link #save} or {@link Checkpoint#save} wrote. The rest of a checkpoint is
     * checked for damage, but not kept in memory.
     *
     * @param file the path
     * @return the model
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a file of this version of microgpt, or is inconsistent
     * @throws IOException          if the file cannot be read
     */
    public static TrainedModel load(Path file) throws IOException {
        return load(file, null);
    }

    /**
     * Reads the model for inference: its weights take as many bytes as their precision needs, 2, 4 or 8, and generate
     * faster, with the same bits. The matrices of a model of Hugging Face's in {@code float} take half as much memory
     * as after {@link #load}, while they are read as well.
     *
     * <p>The model cannot be trained or saved, and its packed parameters have no {@code data()}, see
     * {@link LanguageModel#forInference}.
     *
     * @param file the path
     * @return the model
     * @throws SafetensorsException as {@link #load}
     * @throws CheckpointException  as {@link #load}
     * @throws IOException          if the file cannot be read
     */
    public static TrainedModel loadForInference(Path file) throws IOException {
        return load(file, new LinkedHashMap<>());
    }

    /** Reads the model, with its matrices packed if there is a map for them. */
    private static TrainedModel load(Path file, @Nullable Map<String, PackedMatrix> matrices) throws IOException {
        Predicate<String> wanted = name -> !OptimizerState.isState(name);
        Safetensors content = matrices == null
                ? Safetensors.read(file, ModelMetadata::isOurs, wanted)
                : Safetensors.readPacked(file, ModelMetadata::isOurs, wanted, matrices);
        try {
            Map<String, String> metadata = content.metadata();
            ModelConfig config = ModelMetadata.config(metadata);
            Tokenizer tokenizer = ModelMetadata.tokenizer(metadata, config);
            DataFormat format = CheckpointMetadata.format(metadata);
            CheckpointMetadata.checkEntries(metadata);
            Map<String, Tensor> weights = StoredTensors.of(content);
            if (matrices != null) {
                StoredTensors.addPacked(matrices, weights);
            }
            LanguageModel model = StoredTensors.toModel(config, weights);
            OutsideParts.checkProbe(metadata, model);
            return new TrainedModel(model, tokenizer, format);
        } catch (RuntimeException | LinkageError failure) {
            throw OutsideParts.refusal(file, content.metadata(), failure);
        }
    }
}
