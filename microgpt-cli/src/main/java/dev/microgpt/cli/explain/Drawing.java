package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Largest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the text is continued: for each new token the probabilities after temperature, top-k and top-p, and the random
 * number that chooses one.
 *
 * @param config    temperature, top-k and top-p
 * @param seed      the seed of the random numbers
 * @param tokenizer the tokenizer of the model
 */
public record Drawing(SamplingConfig config, long seed, Tokenizer tokenizer) {
    private static final int STEPS = 16;

    /** The tokens of a vocabulary that are all shown. */
    private static final int ALL = 64;

    private static final int SHOWN = 20;

    Map<String, @Nullable Object> json(LanguageModel model, TokenTexts texts, int... prompt) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("temperature", config.temperature());
        json.put("topK", config.topK() == SamplingConfig.ALL_TOKENS ? 0 : config.topK());
        json.put("topP", config.topP());
        json.put("seed", Long.toUnsignedString(seed));
        List<Object> steps = new ArrayList<>();
        int[] drawnSoFar = new int[STEPS];
        String text = "";
        PythonRandom random = new PythonRandom(seed);
        Sampler sampler = new Sampler(config);
        Decoder decoder = model.decoder();
        Tape tape = Tape.inference();
        Batch next = Batch.ofPrompt(prompt);
        int room = model.config().blockSize() - prompt.length;
        for (int i = 0; i < STEPS && i <= room; i++) {
            tape.reset();
            Tensor logits = decoder.last(tape, next);
            double number = new PythonRandom(random.state()).random();
            int drawn = sampler.next(logits.data(), 0, tokenizer.vocabSize(), random);
            double[] weights = sampler.probabilities(logits.data(), 0, tokenizer.vocabSize());
            Map<String, @Nullable Object> step = new LinkedHashMap<>();
            step.put("after", text);
            step.put("random", config.temperature() == 0 ? null : number);
            step.put("tokens", tokens(texts, logits.data(), weights, drawn));
            step.put("drawn", drawn);
            steps.add(step);
            if (drawn == tokenizer.bos()) {
                break;
            }
            drawnSoFar[i] = drawn;
            text = tokenizer.decode(Arrays.copyOf(drawnSoFar, i + 1));
            next = Batch.ofPrompt(drawn);
        }
        json.put("steps", steps);
        json.put("text", text);
        return json;
    }

    private static List<Object> tokens(TokenTexts texts, double[] logits, double[] weights, int drawn) {
        double[] upTo = new double[weights.length];
        double sum = 0;
        for (int id = 0; id < weights.length; id++) {
            sum += weights[id];
            upTo[id] = sum;
        }
        double[] importance = weights.clone();
        importance[drawn] = 2; // always shown
        int[] shown = Largest.of(weights.length <= ALL ? ALL : SHOWN, importance);
        Arrays.sort(shown);
        List<Object> tokens = new ArrayList<>();
        for (int id : shown) {
            texts.use(id);
            Double logit = Double.isFinite(logits[id]) ? logits[id] : null;
            tokens.add(Arrays.asList(id, logit, weights[id], weights[id] > 0, upTo[id]));
        }
        return tokens;
    }
}
