package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Greedy generation of one sequence with a key-value cache, in tokens a second.
 *
 * <p>Each token reads every weight once, so memory bandwidth limits models larger than the caches, see
 * {@link MemoryReadBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class GenerateBenchmark {
    /** Models of different sizes. */
    public enum Model {
        /** 4 thousand parameters. */
        MICRO(GptConfig.microgpt(27)),
        /** 0.8 million parameters, 6 MB: more than the second-level cache. */
        NANO(GptConfig.microgpt(65).withSizes(4, 4, 128, 64)),
        /** The smallest GPT-2 with a small vocabulary, 85 million parameters, 680 MB: more than any cache. */
        LARGE(GptConfig.microgpt(65).withSizes(12, 12, 768, 128));

        final GptConfig config;

        Model(GptConfig config) {
            this.config = config;
        }
    }

    /** Counts the weights that are read. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Read {
        /** Bytes of weights; JMH divides them by the time. */
        public long weightBytes;
    }

    private static final int VERIFIED = 3;

    /** See {@link Model}. */
    @Param
    public Model model;

    private final Tape tape = Tape.inference();
    private Gpt gpt;
    private Decoder decoder;
    private long bytesAToken;
    private int token;

    /** Compares the logits of a few tokens, one by one in a decoder, with those of one forward pass. */
    @Setup
    public void setUp() {
        gpt = new Gpt(model.config, RandomNumbers.weights(model.config));
        decoder = gpt.decoder();
        double channels = model.config.nEmbd();
        double tables = (model.config.vocabSize() + model.config.blockSize() - 2) * channels; // all but one row of each
        bytesAToken = (long) (8 * (model.config.parameterCount() - tables));
        int[] ids = new int[VERIFIED];
        double[] logits = {};
        for (int i = 0; i < VERIFIED; i++) {
            ids[i] = token;
            logits = next();
        }
        tape.reset();
        Tensor all = gpt.forward(tape, Batch.ofPrompt(ids));
        int last = (VERIFIED - 1) * model.config.vocabSize();
        double[] expected = Arrays.copyOfRange(all.data(), last, last + model.config.vocabSize());
        if (!Arrays.equals(logits, expected)) {
            throw new IllegalStateException("the logits of a decoder differ from those of a whole forward pass");
        }
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public int scalar(Read read) {
        return generate(read);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public int vector(Read read) {
        return generate(read);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public int vectorTwoThreads(Read read) {
        return generate(read);
    }

    private int generate(Read read) {
        read.weightBytes += bytesAToken;
        if (decoder.length() == model.config.blockSize()) {
            decoder.clear();
        }
        next();
        return token;
    }

    /** Feeds the last token, picks the most probable next one, and returns the logits. */
    private double[] next() {
        tape.reset();
        Tensor logits = decoder.last(tape, Batch.ofPrompt(token));
        double[] scores = logits.data();
        int n = logits.shape().size();
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        token = best;
        return Arrays.copyOf(scores, n);
    }
}
