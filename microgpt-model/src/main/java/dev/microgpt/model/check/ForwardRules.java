package dev.microgpt.model.check;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.setting.Setting;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The logits of a position are a function of the weights and of the tokens of its sequence up to there. */
final class ForwardRules {
    private static final String FUNCTION =
            "function: forward must depend on nothing but tokens and weights, so keep no state in fields";
    private static final String CAUSALITY =
            "causality: a position may depend on its own token and on earlier ones only,"
                    + " also where it averages or normalizes";
    private static final String BATCH_MATES = "batch mates: use the offsets of batch.sequences(), so that no sequence"
            + " sees another, and batch.positions(), which begin at 0 in each";
    private static final String DROPOUT = "batch mates: drop elements with a DropoutSite of the constructor, which has"
            + " random numbers for each sequence of a step";

    private final Subject subject;
    private final LanguageModel model;
    private final Tape tape = Tape.inference();

    ForwardRules(Subject subject) {
        this.subject = subject;
        model = subject.model;
    }

    void checkFunction() {
        Batch batch = Batch.forTraining(subject.sequences());
        double[] first = subject.logits(model, tape, batch);
        subject.checkUnchanged("forward");
        checkAgain(batch, first, tape, "in a second call on the same tape after reset()");
        checkAgain(batch, first, Tape.inference(), "on another tape");
        subject.logits(model, tape, Batch.ofPrompt(subject.tokens(subject.blockSize)));
        checkAgain(batch, first, tape, "after a call with other tokens");
        checkAgain(batch, first, Tape.training(), "on a training tape");
    }

    private void checkAgain(Batch batch, double[] first, Tape on, String where) {
        double[] again = subject.logits(model, on, batch);
        subject.same(
                FUNCTION,
                again,
                0,
                where,
                first,
                0,
                "at first",
                batch.sequences().rows());
    }

    void checkCausality() {
        int[] tokens = subject.tokens(subject.blockSize);
        double[] all = subject.alone(tokens);
        int[] others = subject.changed(tokens);
        int step = (tokens.length + 15) / 16;
        for (int p = tokens.length - 1; p > 0; p -= step) {
            int[] changed = tokens.clone();
            changed[p] = others[p];
            String to = "with token " + changed[p] + " at position " + p;
            String from = "with token " + tokens[p] + " there";
            subject.same(CAUSALITY, subject.alone(changed), 0, to, all, 0, from, p);
            double[] shorter = subject.alone(Arrays.copyOf(tokens, p));
            subject.same(CAUSALITY, shorter, 0, "if the sequence ends before position " + p, all, 0, "if not", p);
        }
    }

    void checkBatchMates() {
        List<int[]> sequences = subject.sequences();
        for (int round = 0; round < 4; round++) {
            Batch batch = Batch.forTraining(sequences);
            double[] packed = subject.logits(model, tape, batch);
            for (int s = 0; s < sequences.size(); s++) {
                int[] inputs = Arrays.copyOf(sequences.get(s), sequences.get(s).length - 1);
                checkAsAlone(BATCH_MATES, batch.sequences(), s, packed, subject.alone(inputs));
            }
            Collections.shuffle(sequences, subject.random);
        }
    }

    private void checkAsAlone(String rule, Sequences sequences, int s, double[] packed, double[] alone) {
        String where = "in sequence " + s + " of a batch of " + sequences.count();
        subject.same(rule, packed, sequences.start(s), where, alone, 0, "in a batch of its own", sequences.length(s));
    }

    /** Checks that the sequences of a step drop the same elements in one batch as in many. */
    void checkDropout() {
        LanguageModel dropping = withDropout();
        List<int[]> sequences = subject.sequences();
        Batch batch = Batch.forTraining(sequences);
        subject.same(
                "function: nothing is dropped in evaluation and generation",
                subject.logits(dropping, tape, batch),
                0,
                "if the batch has no random numbers",
                subject.logits(model, tape, batch),
                0,
                "without dropout",
                batch.sequences().rows());
        CounterRandom step = new CounterRandom(subject.seed);
        Tape training = Tape.training();
        double[] packed = subject.logits(dropping, training, batch.withRandom(step, 4));
        for (int s = 0; s < sequences.size(); s++) {
            Batch alone = Batch.forTraining(List.of(sequences.get(s))).withRandom(step, 4 + s);
            checkAsAlone(DROPOUT, batch.sequences(), s, packed, subject.logits(dropping, training, alone));
        }
    }

    /** Returns the model with dropout, if it has such a setting which is 0. */
    private LanguageModel withDropout() {
        ModelConfig config = subject.config;
        for (Setting<?> setting : config.settings().list()) {
            if (setting.name().equals("dropout") && config.get(setting).equals(0.0)) {
                Map<String, Tensor> weights = new HashMap<>();
                model.parameters().all().forEach(parameter -> weights.put(parameter.name(), parameter));
                return config.with(config.settings().with("dropout", "0.3")).create(Parameters.from(weights));
            }
        }
        return model;
    }

    void checkLimits() {
        int[] tokens = subject.tokens(subject.blockSize);
        double[] before = subject.alone(tokens);
        int[] longer = subject.tokens(subject.blockSize + 1);
        checkRefused(Batch.ofPrompt(longer), "a sequence of " + longer.length + " tokens");
        List<int[]> longerSecond = List.of(subject.tokens(2), subject.tokens(subject.blockSize + 2));
        checkRefused(Batch.forTraining(longerSecond), "a batch whose second sequence has " + longer.length + " tokens");
        for (int wrong : new int[] {-1, subject.vocabSize}) {
            int[] ids = tokens.clone();
            ids[ids.length - 1] = wrong;
            checkRefused(Batch.ofPrompt(ids), "token " + wrong);
        }
        subject.same(
                FUNCTION, subject.alone(tokens), 0, "after refused calls", before, 0, "before them", tokens.length);
        subject.checkUnchanged("a refused call of forward");
    }

    private void checkRefused(Batch batch, String what) {
        tape.reset();
        try {
            model.forward(tape, batch);
        } catch (IllegalArgumentException refused) {
            return;
        } catch (RuntimeException failed) {
            throw subject.failure(refusal("failed with " + failed + " for ", what), failed);
        }
        throw subject.failure(refusal("accepted ", what));
    }

    private String refusal(String did, String what) {
        return "forward " + did + what + ", but must refuse it with an IllegalArgumentException; limits: sequences have"
                + " up to " + subject.blockSize + " tokens, the block size, and tokens are from 0 to "
                + (subject.vocabSize - 1);
    }
}
