package dev.microgpt.train;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.FiniteCheck;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.ValidationSet.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores the targets of batches of any size in bounded memory: a large batch is computed a few sequences at a time.
 * That changes no bit, because logits do not depend on the other sequences of a batch and losses are added in its
 * order.
 */
final class BatchScorer {
    /** Matrices of this height occupy all threads, even those of a small model. */
    private static final int MOST_ROWS = 1024;

    /** About the numbers on the tape: 64 MB, unless a single sequence takes more. */
    private static final double MOST_NUMBERS = 1 << 23;

    private final LanguageModel model;
    private final ValidationSet set;
    private final int rows;
    private final Tape tape = Tape.inference();
    private long tokens;
    private double[] scratch = {};

    BatchScorer(LanguageModel model, ValidationSet set) {
        this.model = model;
        this.set = set;
        this.rows = rowsAtATime(model.config());
    }

    /** Returns the number of rows to compute at a time; a single sequence may have more. */
    static int rowsAtATime(ModelConfig config) {
        double row = 2.0 * config.vocabSize(); // and about what the operations keep for a row
        if (config instanceof GptConfig gpt) {
            row += gpt.nLayer() * (10.0 * gpt.nEmbd() + 6.0 * gpt.nInner());
        } else {
            for (Shape parameter : config.shapes().values()) {
                row += 4.0 * Math.min(parameter.rows(), parameter.columns());
            }
        }
        return (int) Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / row));
    }

    /** Starts to count tokens from 0. */
    void restart() {
        tokens = 0;
    }

    /** Returns the number of targets scored since the restart. */
    long tokens() {
        return tokens;
    }

    /** Returns the sum of −log p over the targets of a batch, added in their order. */
    double score(int step, int index, @Nullable TokenScoreListener listener) {
        Batch batch = set.batch(index);
        Sequences sequences = batch.sequences();
        double sum = 0;
        int from = 0;
        while (from < sequences.count()) {
            int to = end(sequences, from);
            Batch part = to - from == sequences.count() ? batch : part(batch, from, to);
            sum = add(sum, part, index, from, listener);
            if (!Double.isFinite(sum)) {
                throw TrainingDivergedException.inEvaluation(step, "the loss is " + sum + origin(part));
            }
            from = to;
        }
        return sum;
    }

    /** Returns the end of the sequences that fit together, at least one. */
    private int end(Sequences sequences, int from) {
        int to = from + 1;
        int count = sequences.length(from);
        while (to < sequences.count() && count + sequences.length(to) <= rows) {
            count += sequences.length(to);
            to++;
        }
        return to;
    }

    private static Batch part(Batch batch, int from, int to) {
        List<int[]> part = new ArrayList<>(to - from);
        for (int s = from; s < to; s++) {
            int start = batch.sequences().start(s);
            int length = batch.sequences().length(s);
            int[] sequence = Arrays.copyOfRange(batch.ids(), start, start + length + 1);
            sequence[length] = batch.targets()[start + length - 1];
            part.add(sequence);
        }
        return Batch.forTraining(part);
    }

    /** Adds the losses of the targets that no earlier window has scored. */
    private double add(double before, Batch part, int index, int first, @Nullable TokenScoreListener listener) {
        double sum = before;
        try {
            Tensor logits = model.forward(tape, part);
            CrossEntropy losses = new CrossEntropy(logits, part.targets(), 1);
            tape.apply(losses);
            Sequences sequences = part.sequences();
            for (int s = 0; s < sequences.count(); s++) {
                Window window = set.window(index, first + s);
                for (int i = window.overlap(); i < sequences.length(s); i++) {
                    int row = sequences.start(s) + i;
                    sum += losses.loss(row);
                    tokens++;
                    if (listener != null) {
                        listener.onToken(score(window.start() + i + 1, logits, row, part.targets()[row]));
                    }
                }
            }
            return sum;
        } finally {
            tape.reset();
        }
    }

    private TokenScore score(long position, Tensor logits, int row, int id) {
        int columns = logits.shape().columns();
        if (scratch.length < columns) {
            scratch = new double[columns];
        }
        return TokenScore.of(position, id, logits.data(), row * columns, columns, scratch);
    }

    /** Repeats a part with a check of every number, and names the operation that made the first one not finite. */
    private String origin(Batch part) {
        FiniteCheck check = new FiniteCheck();
        tape.addListener(check);
        try {
            tape.apply(new CrossEntropy(model.forward(tape, part), part.targets(), 1));
        } finally {
            tape.removeListener(check);
            tape.reset();
        }
        return check.found() == null ? "" : ": " + check.found();
    }
}
