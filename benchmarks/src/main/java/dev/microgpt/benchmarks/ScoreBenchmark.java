package dev.microgpt.benchmarks;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.score.LineScorer;
import dev.microgpt.train.score.ScoredLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to read and score a line of 3 to 10 letters with microgpt.py's model, in a text of many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(ScoreBenchmark.LINES)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
public class ScoreBenchmark {
    static final int LINES = 20_000;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private LineScorer scorer;
    private byte[] text;

    /** Compares the scores of the text with those of its lines, one by one. */
    @Setup
    public void setUp() throws IOException {
        GptConfig config = GptConfig.microgpt(LETTERS.length() + 1);
        Gpt gpt = new Gpt(config, RandomNumbers.weights(config));
        scorer = new LineScorer(new TrainedModel(gpt, CharTokenizer.ofAlphabet(LETTERS), DataFormat.DOCUMENTS));
        PythonRandom random = new PythonRandom(42);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            for (int length = 3 + random.randbelow(8); length > 0; length--) {
                lines.append(LETTERS.charAt(random.randbelow(LETTERS.length())));
            }
            lines.append('\n');
        }
        text = lines.toString().getBytes(StandardCharsets.UTF_8);
        for (ScoredLine line : score(2)) {
            if (line.number() % 100 == 0 && !scorer.score(line.text()).equals(line.score())) {
                throw new IllegalStateException("line " + line.number() + " alone has another score");
            }
        }
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public List<ScoredLine> scalar() throws IOException {
        return score(1);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.TWO_THREADS})
    public List<ScoredLine> scalarTwoThreads() throws IOException {
        return score(2);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public List<ScoredLine> vector() throws IOException {
        return score(1);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public List<ScoredLine> vectorTwoThreads() throws IOException {
        return score(2);
    }

    private List<ScoredLine> score(int threads) throws IOException {
        List<ScoredLine> scores = new ArrayList<>();
        TextSource lines = TextSource.of(new ByteArrayInputStream(text), "lines");
        scorer.score(lines, RecordFormat.lines(), threads, scores::addAll);
        return scores;
    }
}
