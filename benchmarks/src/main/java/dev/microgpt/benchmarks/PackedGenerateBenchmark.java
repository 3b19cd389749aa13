package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * {@link GenerateBenchmark} with packed weights, in steps a second: a token of one sequence, or of each of eight.
 *
 * <p>Each step reads every weight once, so memory bandwidth limits models larger than the caches, see
 * {@link MemoryReadBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PackedGenerateBenchmark {
    /** Counts the weights that are read, and the tokens. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Read {
        /** Bytes of weights; JMH divides them by the time. */
        public long weightBytes;

        /** Tokens of all sequences. */
        public long tokens;
    }

    private static final int VERIFIED = 3;

    /** How the weights are stored; what follows the {@code x} is the number of sequences decoded together. */
    public enum Weights {
        /** Packed as {@code double}. */
        F64(1),
        /** Packed as {@code float}. */
        F32(1),
        /** Packed as bfloat16. */
        BF16(1),
        /** Packed as {@code double}, eight sequences. */
        F64_X8(8),
        /** Packed as {@code float}, eight sequences. */
        F32_X8(8),
        /** Packed as bfloat16, eight sequences. */
        BF16_X8(8);

        final int sequences;

        Weights(int sequences) {
            this.sequences = sequences;
        }

        int bytes() {
            return this == BF16 || this == BF16_X8 ? 2 : this == F32 || this == F32_X8 ? 4 : 8;
        }

        /** Rounds the weights of a model, so that they are stored like this. */
        void round(Gpt gpt) {
            int kept = bytes() == 2 ? 0xFFFF_0000 : -1;
            for (Parameter parameter : gpt.parameters().all()) {
                double[] data = parameter.data();
                for (int i = 0; i < data.length && bytes() < 8; i++) {
                    data[i] = Float.intBitsToFloat(Float.floatToRawIntBits((float) data[i]) & kept);
                }
            }
        }
    }

    /** See {@link GenerateBenchmark.Model}. */
    @Param
    public GenerateBenchmark.Model model;

    /** See {@link Weights}. */
    @Param
    public Weights weights;

    private final Tape tape = Tape.inference();
    private List<Decoder> decoders;
    private long bytesAStep;
    private int[] tokens;

    /** Compares the logits of a few tokens, one by one in a decoder, with those of one forward pass. */
    @Setup
    public void setUp() {
        Gpt gpt = new Gpt(model.config, RandomNumbers.weights(model.config));
        weights.round(gpt);
        LanguageModel used = gpt.forInference();
        tokens = new int[weights.sequences];
        decoders = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            decoders.add(used.decoder());
        }
        double channels = model.config.nEmbd();
        double tables = (model.config.vocabSize() + model.config.blockSize() - 2) * channels; // all but one row of each
        bytesAStep = (long) (weights.bytes() * (model.config.parameterCount() - tables));
        int[] ids = new int[VERIFIED];
        double[] logits = {};
        for (int i = 0; i < VERIFIED; i++) {
            ids[i] = tokens[tokens.length - 1];
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
        read.weightBytes += bytesAStep;
        read.tokens += tokens.length;
        if (decoders.get(0).length() == model.config.blockSize()) {
            for (Decoder decoder : decoders) {
                decoder.clear();
            }
        }
        next();
        return tokens[0];
    }

    /** Feeds the last token of each sequence, picks the most probable next one, and returns the last logits. */
    private double[] next() {
        tape.reset();
        Tensor logits = tokens.length == 1
                ? decoders.get(0).last(tape, Batch.ofPrompt(tokens))
                : Decoder.together(tape, decoders, tokens);
        double[] scores = logits.data();
        int n = logits.shape().columns();
        for (int row = 0; row < tokens.length; row++) {
            int best = 0;
            for (int i = 1; i < n; i++) {
                if (scores[row * n + i] > scores[row * n + best]) {
                    best = i;
                }
            }
            tokens[row] = best;
        }
        return Arrays.copyOfRange(scores, (tokens.length - 1) * n, tokens.length * n);
    }
}
