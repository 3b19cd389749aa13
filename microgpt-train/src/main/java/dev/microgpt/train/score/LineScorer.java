package dev.microgpt.train.score;

import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Checks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Scores lines by how surprising they are to a model: {@code s = −Σ log₂ p / (characters + 1)}, over all tokens of a
 * line and the one that ends it, in bits per character.
 *
 * <p>A character that the vocabulary lacks costs log₂ 1,114,112 bits, the number of code points, and the model sees BOS
 * in its place. A line longer than the block size is scored in windows that do not overlap, as evaluations do. A model
 * of documents sees a line between two BOS, a model of text between two line feeds.
 *
 * <pre>{@code
 * LineScorer scorer = new LineScorer(TrainedModel.load(file));
 * double bits = scorer.score("GET /index.html").bitsPerCharacter();
 * }</pre>
 *
 * <p>Any number of threads may use one scorer, while no thread trains the model. The score of a line has the same bits
 * whatever lines are scored with it, in whatever thread.
 */
public final class LineScorer {
    /** The bits of a character that could be any code point. */
    static final double UNKNOWN_BITS = StrictMath.log(Character.MAX_CODE_POINT + 1.0) / StrictMath.log(2);

    private static final double NATS_PER_BIT = StrictMath.log(2);

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final int frame;
    private final int rows;

    /** Tapes that no thread uses at present, with their buffers. */
    private final Queue<Tape> tapes = new ConcurrentLinkedQueue<>();

    /**
     * Creates a scorer.
     *
     * @param trained the model
     * @throws IllegalArgumentException if its tokenizer has no token that can begin and end a line
     */
    public LineScorer(TrainedModel trained) {
        model = trained.model();
        tokenizer = trained.tokenizer();
        frame = frame(trained.format());
        rows = Evaluator.positionsAtATime(model.config());
    }

    private int frame(DataFormat format) {
        if (format == DataFormat.DOCUMENTS) {
            return tokenizer.bos();
        }
        int[] lineFeed;
        try {
            lineFeed = tokenizer.encode("\n");
        } catch (IllegalArgumentException lacking) {
            lineFeed = new int[0];
        }
        if (lineFeed.length != 1) {
            throw new IllegalArgumentException("line scorer: the model was trained on text whose vocabulary has no line"
                    + " feed, so it cannot know where a line ends; train one on documents, one per line");
        }
        return lineFeed[0];
    }

    /**
     * Scores a line.
     *
     * @param line the line, without its end; may be empty
     * @return its score
     * @throws IllegalStateException if another thread trains the model
     */
    public LineScore score(String line) {
        return score(List.of(line)).get(0);
    }

    /**
     * Scores lines together, which is faster than one by one.
     *
     * @param lines the lines, without their ends
     * @return their scores, in the same order
     * @throws IllegalStateException if another thread trains the model
     */
    public List<LineScore> score(List<String> lines) {
        ParameterUpdates updates =
                ParameterUpdates.watch("line scorer", model.parameters().all());
        Tape reused = tapes.poll();
        Tape tape = reused == null ? Tape.inference() : reused;
        try {
            List<LineScore> scores = new Scoring(tape).score(lines);
            updates.checkNone();
            return scores;
        } finally {
            tape.reset();
            tapes.add(tape);
        }
    }

    /**
     * Scores the lines or records of a text while it is read, in memory that does not grow with the text. A line of a
     * stream is handed on as soon as it is scored, while the next one is waited for. Blank lines are passed over.
     *
     * @param text     the text; may be larger than memory
     * @param format   what its records are
     * @param threads  the number of threads that score, at least 1; the scores have the same bits for any number
     * @param listener receives the scores in the order of the text, in the calling thread
     * @return what was normalized while the text was read
     * @throws IOException if the text cannot be read or has the wrong content, after the lines that were read before
     *     have been handed on; or what the listener throws
     * @throws IllegalStateException if another thread trains the model
     */
    public TextRepairs score(TextSource text, RecordFormat format, int threads, ScoreListener listener)
            throws IOException {
        Checks.positive("threads", threads);
        return new ScoreStream(this, rows).score(text, format, threads, listener);
    }

    /** The lines of one call, whose windows share batches. */
    private final class Scoring {
        private final Tape tape;
        private final List<LineScore> scores = new ArrayList<>();

        /** The lines whose windows wait to be computed, and these windows in order. */
        private final List<EncodedLine> waiting = new ArrayList<>();

        private final List<int[]> windows = new ArrayList<>();
        private int positions;

        Scoring(Tape tape) {
            this.tape = tape;
        }

        List<LineScore> score(List<String> lines) {
            for (String line : lines) {
                EncodedLine encoded = EncodedLine.of(line, tokenizer, frame);
                if (positions > 0 && positions + encoded.targets() > rows) {
                    compute();
                }
                add(encoded);
            }
            compute();
            return scores;
        }

        private void add(EncodedLine line) {
            waiting.add(line);
            int block = model.config().blockSize();
            for (int first = 0; first < line.targets(); first += block) {
                windows.add(line.window(first, block));
            }
            positions += line.targets();
        }

        private void compute() {
            if (waiting.isEmpty()) {
                return;
            }
            double[] nats = new double[positions];
            int done = 0;
            for (int from = 0, to; from < windows.size(); from = to) { // a long line takes several batches
                int count = windows.get(from).length - 1;
                for (to = from + 1; to < windows.size() && count + windows.get(to).length - 1 <= rows; to++) {
                    count += windows.get(to).length - 1;
                }
                tape.reset();
                Batch batch = Batch.forTraining(windows.subList(from, to));
                CrossEntropy losses = new CrossEntropy(model.forward(tape, batch), batch.targets(), 1);
                tape.apply(losses);
                for (int row = 0; row < count; row++) {
                    nats[done++] = losses.loss(row);
                }
            }
            int at = 0;
            for (EncodedLine line : waiting) {
                scores.add(scored(line, nats, at));
                at += line.targets();
            }
            waiting.clear();
            windows.clear();
            positions = 0;
        }

        private LineScore scored(EncodedLine line, double[] nats, int at) {
            double bits = 0;
            int worst = 0;
            double worstBits = -1;
            for (int target = 0; target < line.targets(); target++) {
                double here = line.isUnknown(target) ? UNKNOWN_BITS : nats[at + target] / NATS_PER_BIT;
                bits += here;
                if (here > worstBits) {
                    worst = target;
                    worstBits = here;
                }
            }
            return line.score(bits, worst, worstBits, tokenizer);
        }
    }
}
