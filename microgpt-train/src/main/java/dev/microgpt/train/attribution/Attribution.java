package dev.microgpt.train.attribution;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Replay;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds out which training documents made a model assign a text its probability, by training it again without each.
 *
 * <pre>{@code
 * Checkpoint saved = Checkpoint.load(file);
 * PythonRandom random = new PythonRandom(saved.training().seed());
 * random.shuffle(documents);
 * Attribution attribution = Attribution.of(saved, documents, random, saved.tokenizer().encode("anna"));
 * Influences influences = attribution.influences(Integer.MAX_VALUE);
 * for (Influence influence : influences.helped(10)) {
 *     lines.add(influence.document() + " " + influence.exact());
 * }
 * }</pre>
 *
 * <p>The run without a document has the same shuffle, initial weights, tokenizer and dropout, and in each step the same
 * learning rate and the same other documents. All occurrences of the document's text are left out: their targets have
 * weight 0, and the loss of a step is the mean over the others. A step with no other document updates nothing, not even
 * the number of Adam's update. The influence is the difference between the log-probabilities of the text, closing BOS
 * included, that the two runs arrive at.
 *
 * <p>That takes half a run for each document, so the influences are estimated as well, from one run: by the sum, over
 * the steps with the document, of the learning rate times the product of two gradients before the step, that of
 * −log p(text), and what leaving out the document changes in that of the step's loss. It ignores what later steps make
 * of the change. The second estimate divides the latter by {@code √v̂ + eps}, as Adam divides it in that step.
 *
 * <p>Confined to one thread at a time. It divides its work among the threads of the kernels, whose number does not
 * affect the results.
 *
 * @see <a href="https://arxiv.org/abs/2002.08484">Pruthi et al., Estimating Training Data Influence by Tracing Gradient
 *     Descent (TracIn), 2020</a>
 * @see <a href="https://arxiv.org/abs/1703.04730">Koh and Liang, Understanding Black-box Predictions via Influence
 *     Functions, 2017</a>
 */
public final class Attribution {
    private final Checkpoint saved;
    private final TrainingConfig training;
    private final Batcher batcher;
    private final Replay replay;
    private final Batch text;

    private final StepTimes times;
    private List<Influence> estimates = List.of();

    private Attribution(Checkpoint saved, Batcher batcher, Replay replay, Batch text) {
        this.saved = saved;
        this.training = saved.training();
        this.batcher = batcher;
        this.replay = replay;
        this.text = text;
        this.times = new StepTimes(saved.step());
    }

    /**
     * Prepares the attribution of a text.
     *
     * @param saved     a checkpoint of the run
     * @param documents the documents that the run was trained on, without its validation split, in its order
     * @param random    the generator of the run, created from its seed, after it shuffled the documents; not modified
     * @param text      the tokens of the text, without BOS, at most as many as the block size; if they are as many, the
     *     closing BOS does not count, since the model cannot predict it
     * @return the attribution
     * @throws IllegalArgumentException if the run cannot be repeated ({@link Replay#of}) or has no step, if the
     *     tokenizer has no BOS, or if the text is too long or has other tokens than the tokenizer
     */
    public static Attribution of(Checkpoint saved, List<String> documents, PythonRandom random, int... text) {
        int blockSize = saved.model().config().blockSize();
        if (saved.step() == 0) {
            throw new IllegalArgumentException(
                    "attribution: the run has not done a step yet, so no document has an influence");
        }
        Batcher batcher =
                new Batcher(documents, saved.tokenizer(), saved.training().batchSize(), blockSize);
        Batch framed = framed(saved.tokenizer(), blockSize, text);
        return new Attribution(saved, batcher, Replay.of(saved, batcher, random), framed);
    }

    private static Batch framed(Tokenizer tokenizer, int blockSize, int... text) {
        if (text.length > blockSize) {
            throw new IllegalArgumentException("attribution: the text has " + text.length
                    + " tokens, but must have at most " + blockSize + ", the block size of the model");
        }
        for (int token : text) {
            if (token < 0 || token >= tokenizer.vocabSize()) {
                throw new IllegalArgumentException("attribution: a token of the text is " + token
                        + ", but must be from 0 to " + (tokenizer.vocabSize() - 1) + ", those of the tokenizer");
            }
        }
        int[] tokens = new int[Math.min(text.length + 2, blockSize + 1)];
        Arrays.fill(tokens, tokenizer.bos());
        System.arraycopy(text, 0, tokens, 1, text.length);
        return Batch.forTraining(List.of(tokens));
    }

    /** {@return the number of tokens of the text that are predicted, its closing BOS included if it fits} */
    public int targets() {
        return text.targets().length;
    }

    /** {@return log p(text) of the model in the checkpoint, in nats} */
    public double logProbability() {
        return logProbability(saved.model());
    }

    private double logProbability(LanguageModel model) {
        Tape tape = Tape.inference();
        return -tape.apply(new CrossEntropy(model.forward(tape, text), text.targets(), 1))
                .item();
    }

    /**
     * Repeats the run, checks that it leads to the checkpoint, and estimates the influence of each document. This takes
     * about as long as three runs, and is done once.
     *
     * @return the influences, none of them exact, in the order of {@link Influences#all}
     * @throws IllegalArgumentException if the weights after the last step are not those of the checkpoint
     */
    public List<Influence> estimates() {
        if (estimates.isEmpty()) {
            Replay.Run run = replay.newRun();
            run.trainer().addListener(times);
            List<Influence> found = new TracIn(saved, batcher, text, replay).estimate(run, times);
            replay.checkEnd(run);
            estimates = found;
        }
        return estimates;
    }

    /**
     * Estimates the work of the exact influences of some documents.
     *
     * @param exact the number of documents
     * @return about the number of targets that all runs without a document train on; the same on every machine
     */
    public double tokens(int exact) {
        return steps(exact) * times.tokensPerStep();
    }

    /**
     * Estimates how long the exact influences of some documents take, from the duration of the steps of the run.
     *
     * @param exact the number of documents
     * @return about the number of seconds; small models train alone, so they are divided by the number of threads
     */
    public double seconds(int exact) {
        return steps(exact) * times.secondsPerStep() / Kernels.active().threads();
    }

    private double steps(int exact) {
        double steps = 0;
        for (Influence influence :
                Choice.of(estimates(), exact, training.seed()).documents()) {
            steps += saved.step() - influence.firstStep() + 1;
        }
        return steps;
    }

    /**
     * Computes the exact influence of some documents, or all: the half with the strongest estimates, and a random half
     * to judge the estimates by.
     *
     * @param exact the number of documents, at least 0; all, if there are no more
     * @return the influences
     * @throws IllegalArgumentException if the number is negative, or under the conditions of {@link #estimates}
     * @throws dev.microgpt.train.TrainingDivergedException if a run without a document diverges
     */
    public Influences influences(int exact) {
        Choice choice = Choice.of(estimates(), exact, training.seed());
        Map<String, Double> differences = differences(choice.documents());
        List<Influence> all = new ArrayList<>();
        List<Influence> sample = new ArrayList<>();
        for (Influence influence : estimates) {
            Double difference = differences.get(influence.document());
            Influence known = difference == null ? influence : influence.withExact(difference);
            all.add(known);
            if (choice.sample().contains(influence)) {
                sample.add(known);
            }
        }
        return new Influences(all, sample);
    }

    /** Returns what each document changes, computed by all threads. */
    private Map<String, Double> differences(List<Influence> documents) {
        double[] without = new double[documents.size()];
        AtomicInteger next = new AtomicInteger();
        Kernels kernels = Kernels.active();
        kernels.parallel(kernels.threads(), Long.MAX_VALUE, (part, from, to) -> {
            Counterfactual counterfactual = new Counterfactual();
            for (int i = next.getAndIncrement(); i < without.length; i = next.getAndIncrement()) {
                without[i] = counterfactual.logProbability(documents.get(i));
            }
        });
        double with = logProbability();
        Map<String, Double> differences = new HashMap<>();
        for (int i = 0; i < without.length; i++) {
            differences.put(documents.get(i).document(), with - without[i]);
        }
        return differences;
    }

    /** Runs without one document after the other, in the order of their first steps; one for each thread. */
    private final class Counterfactual {
        private final Replay.Run base = replay.newRun();
        private final Replay.Run fork = replay.newRun(batcher.keeping(this::isKept));
        private String left = "";

        private boolean isKept(String document) {
            return !document.equals(left);
        }

        double logProbability(Influence document) {
            base.trainer().run(document.firstStep() - 1); // up to there, both runs are the same
            fork.continueFrom(base);
            left = document.document();
            fork.trainer().run(saved.step());
            return Attribution.this.logProbability(fork.model());
        }
    }

    /** The documents to leave out. */
    private record Choice(List<Influence> documents, Set<Influence> sample) {
        static Choice of(List<Influence> estimates, int exact, long seed) {
            if (exact < 0) {
                throw new IllegalArgumentException(
                        "attribution: the number of exact influences is " + exact + ", but must be at least 0");
            }
            if (exact >= estimates.size()) {
                return new Choice(estimates, new HashSet<>(estimates));
            }
            List<Influence> shuffled = new ArrayList<>(estimates);
            new PythonRandom(seed).shuffle(shuffled);
            Set<Influence> sample = new HashSet<>(shuffled.subList(0, exact / 2));
            List<Influence> strongest = new ArrayList<>(estimates);
            strongest.sort(Comparator.comparingDouble(influence -> -Math.abs(influence.estimate())));
            Set<Influence> chosen = new HashSet<>(sample);
            for (int i = 0; chosen.size() < exact; i++) {
                chosen.add(strongest.get(i));
            }
            List<Influence> inOrder = new ArrayList<>(estimates);
            inOrder.removeIf(influence -> !chosen.contains(influence));
            return new Choice(inOrder, sample);
        }
    }
}
