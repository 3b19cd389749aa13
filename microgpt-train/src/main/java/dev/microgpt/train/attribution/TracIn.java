package dev.microgpt.train.attribution;

import dev.microgpt.model.Batch;
import dev.microgpt.train.Adam;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Replay;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates influences while it repeats a run once: the product of the text's gradient with what a document changes in
 * the gradient of a step, {@code rate · ∇(−log p) · (∇L − ∇L′)}, summed over the steps with the document.
 *
 * <p>{@code L} is the loss of the step, the mean over its N targets, and {@code L′} the mean without the n targets of
 * the document: {@code ∇L − ∇L′ = (N · ∇share − n · ∇L) / (N − n)}, where the share is the document's part of L. Where
 * no other document remains there is no update, and the change is {@code ∇L} itself.
 */
final class TracIn {
    private final Checkpoint saved;
    private final TrainingConfig training;
    private final Batcher batcher;
    private final Batch text;

    /** At the weights before a step, of which the repeated run has done the update. */
    private final Replay.Run before;

    private final TextGradient gradient;
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    TracIn(Checkpoint saved, Batcher batcher, Batch text, Replay replay) {
        this.saved = saved;
        this.training = saved.training();
        this.batcher = batcher;
        this.text = text;
        before = replay.newRun();
        gradient = new TextGradient(before.model().parameters().all());
    }

    /** Does the steps of a run, and returns the influence of each document in the order of their first steps. */
    List<Influence> estimate(Replay.Run run, StepTimes times) {
        for (int step = 0; step < saved.step(); step++) {
            run.trainer().run(step + 1);
            before.trainer().addGradients(text, 1);
            gradient.take(run.optimizer());
            add(times.last());
            before.continueFrom(run);
        }
        List<Influence> found = new ArrayList<>();
        boolean isAdam = run.optimizer() instanceof Adam;
        for (Map.Entry<String, Sum> entry : sums.entrySet()) {
            Sum sum = entry.getValue();
            double adam = isAdam ? sum.scaled : Double.NaN;
            found.add(new Influence(entry.getKey(), sum.firstStep, sum.occurrences, Double.NaN, sum.plain, adam));
        }
        return List.copyOf(found);
    }

    private void add(TrainingStep step) {
        Map<String, Share> shares = new LinkedHashMap<>();
        for (String document : batcher.documents(step.number() - 1, training.gradientAccumulationSteps())) {
            shares.computeIfAbsent(document, found -> new Share()).occurrences++;
        }
        double plain = 0;
        double scaled = 0;
        for (Map.Entry<String, Share> entry : shares.entrySet()) {
            Share share = entry.getValue();
            before.trainer().addStepGradients(batcher.keeping(entry.getKey()::equals), step.tokens());
            share.plain = gradient.product();
            share.scaled = gradient.scaledProduct();
            before.model().parameters().zeroGrad();
            plain += share.plain;
            scaled += share.scaled;
        }
        double rate = step.learningRate();
        if (training.gradClip() > 0) {
            rate *= Math.min(1, training.gradClip() / step.gradientNorm());
        }
        for (Map.Entry<String, Share> entry : shares.entrySet()) {
            Share share = entry.getValue();
            Sum sum = sums.computeIfAbsent(entry.getKey(), found -> new Sum(step.number()));
            double targets = (double) share.occurrences * targets(entry.getKey());
            double others = step.tokens() - targets;
            sum.occurrences += share.occurrences;
            sum.plain += rate * (others == 0 ? plain : (step.tokens() * share.plain - targets * plain) / others);
            sum.scaled += rate * (others == 0 ? scaled : (step.tokens() * share.scaled - targets * scaled) / others);
        }
    }

    private int targets(String document) {
        int tokens = saved.tokenizer().encode(document).length;
        return Math.min(tokens + 1, saved.model().config().blockSize());
    }

    /** The products of the part of a step's gradient that is a document's. */
    private static final class Share {
        private int occurrences;
        private double plain;
        private double scaled;
    }

    /** What is known of a document after some steps. */
    private static final class Sum {
        private final int firstStep;
        private int occurrences;
        private double plain;
        private double scaled;

        Sum(int firstStep) {
            this.firstStep = firstStep;
        }
    }
}
