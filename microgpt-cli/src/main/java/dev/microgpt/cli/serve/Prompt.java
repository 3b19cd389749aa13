package dev.microgpt.cli.serve;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What texts continue.
 *
 * @param text  the prompt as text, without BOS
 * @param start the tokens that the model reads, at least one
 */
record Prompt(String text, int[] start) {
    static final String FIELD = "prompt";
    static final String TOO_LONG = "context_length_exceeded";

    private static final String RULE = "a string, a list of strings, a list of tokens, or a list of lists of tokens";

    /** The most texts of a request: the texts of all prompts together. */
    static final int MOST = 128;

    /**
     * Reads the prompts of a request; an absent one is empty.
     *
     * @throws ApiError if the model cannot read one
     */
    static List<Prompt> all(Fields fields, ServedModel model) {
        Object given = fields.value(FIELD);
        if (given == null || given instanceof String || given instanceof List<?> ids && isOfTokens(ids)) {
            return List.of(of(fields, given == null ? "" : given, model));
        }
        List<?> list = given instanceof List<?> several ? several : List.of();
        if (list.isEmpty()) {
            throw fields.wrong(FIELD, RULE);
        }
        if (list.size() > MOST) { // before each is encoded
            throw ApiError.ofField(
                    FIELD,
                    "there are " + list.size() + " prompts, but may be at most " + MOST + "; send several requests");
        }
        List<Prompt> prompts = new ArrayList<>();
        for (Object each : list) {
            boolean isLikeTheFirst = each instanceof String == list.get(0) instanceof String;
            if (!isLikeTheFirst || !(each instanceof String || each instanceof List)) {
                throw fields.wrong(FIELD, RULE, each, prompts.size());
            }
            prompts.add(of(fields, each, model));
        }
        return prompts;
    }

    private static boolean isOfTokens(List<?> list) {
        return !list.isEmpty() && list.get(0) instanceof BigInteger;
    }

    private static Prompt of(Fields fields, @Nullable Object given, ServedModel model) {
        TrainedModel trained = model.trained();
        Prompt prompt;
        if (given instanceof String text) {
            Fields.whole(FIELD, text);
            try {
                prompt = new Prompt(text, trained.format().promptTokens(trained.tokenizer(), text));
            } catch (IllegalArgumentException unknown) {
                throw ApiError.ofField(FIELD, "\"prompt\": " + unknown.getMessage());
            }
        } else if (given instanceof List<?> list) {
            prompt = ofTokens(fields, list, trained);
        } else {
            throw fields.wrong(FIELD, RULE);
        }
        prompt.checkFits(model);
        return prompt;
    }

    private static Prompt ofTokens(Fields fields, List<?> list, TrainedModel trained) {
        Tokenizer tokenizer = trained.tokenizer();
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(list.get(i) instanceof BigInteger id)) {
                throw fields.wrong(FIELD, RULE, list.get(i), i);
            }
            if (id.signum() < 0 || id.compareTo(BigInteger.valueOf(tokenizer.vocabSize())) >= 0) {
                throw ApiError.ofField(
                        FIELD,
                        "\"prompt\" has the token " + id + " at index " + i + ", but this model's are from 0 to "
                                + (tokenizer.vocabSize() - 1));
            }
            ids[i] = id.intValue();
        }
        int[] plain = Arrays.stream(ids).filter(id -> id != tokenizer.bos()).toArray();
        return new Prompt(tokenizer.decode(plain), trained.format().promptTokens(tokenizer, ids));
    }

    /** A model of documents has never seen one without its beginning. */
    private void checkFits(ServedModel model) {
        int block = model.blockSize();
        if (start.length > block && model.isOfDocuments() && !model.isEndless()) {
            throw ApiError.ofField(
                    FIELD,
                    "\"prompt\" has " + (start.length - 1) + " tokens, but may have at most " + (block - 1)
                            + ": the block size is " + block
                            + ", and one position marks the beginning of the document; shorten it",
                    TOO_LONG);
        }
    }

    /** Refuses a prompt whose own probabilities are asked for, but which one pass of the model cannot read. */
    void checkReadable(ServedModel model) {
        if (start.length > model.blockSize()) {
            throw ApiError.ofField(
                    FIELD,
                    "\"prompt\" has " + start.length + " tokens, but with \"echo\" and \"logprobs\" may have at most "
                            + model.blockSize() + ", the block size; shorten it, or leave out one of the two",
                    TOO_LONG);
        }
    }

    /** Returns the index of the first token that is the prompt's own, and not what stands before it. */
    int first(ServedModel model) {
        return text.isEmpty() || start[0] == model.trained().tokenizer().bos() ? 1 : 0;
    }
}
