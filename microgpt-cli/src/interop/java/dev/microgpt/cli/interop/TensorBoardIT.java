package dev.microgpt.cli.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.internal.metrics.StepLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's own reader returns every number of the metrics, also of a run that was resumed twice. */
@Timeout(120)
class TensorBoardIT {
    private static final String PYTHON = System.getProperty("microgpt.python", "");

    @TempDir
    Path folder;

    private void train(String more) {
        Run run = Run.of(("train --tensorboard --report --n-embd 4 --n-head 1 --val-fraction 0.01 --eval-interval 2"
                        + " --eval-steps 0 --checkpoint-interval 4 --num-samples 0 --schedule constant " + more)
                .split(" "));
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void itsReaderReturnsEveryScalar() throws Exception {
        assumeTrue(!PYTHON.isEmpty(), "-Dmicrogpt.python names no Python with the package tensorboard");
        Path run = folder.resolve("run");
        train("--steps 10 --out " + run);
        train("--steps 12 --resume " + run);
        train("--steps 12 --resume " + run.resolve("checkpoint-00000008.safetensors"));
        Process reader = new ProcessBuilder(PYTHON, "src/interop/python/events.py", run.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(reader.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, reader.exitValue(), said);
        List<String> read = new ArrayList<>();
        for (String line : said.split("\n")) {
            String[] words = line.split(" ");
            read.add(words[0] + " " + words[1] + " " + Double.parseDouble(words[2]));
        }
        assertEquals(expected(new MetricsReader(run.resolve("metrics.jsonl")).read()), read);
    }

    /** The numbers of the metrics, by tag and step. */
    private static List<String> expected(History history) {
        TreeMap<String, List<String>> lines = new TreeMap<>();
        for (StepLine line : history.steps) {
            add(lines, "train/loss", line.step(), line.loss());
            add(lines, "train/learning_rate", line.step(), line.learningRate());
            add(lines, "train/gradient_norm", line.step(), line.gradientNorm());
            add(lines, "train/tokens_per_second", line.step(), line.tokensPerSecond());
        }
        for (EvaluationLine line : history.evaluations) {
            add(lines, "validation/loss", line.step(), line.loss());
            add(lines, "validation/perplexity", line.step(), line.perplexity());
            add(lines, "validation/bits_per_token", line.step(), line.bitsPerToken());
            add(lines, "validation/bits_per_byte", line.step(), line.bitsPerByte());
        }
        List<String> all = new ArrayList<>();
        lines.values().forEach(all::addAll);
        return all;
    }

    private static void add(TreeMap<String, List<String>> lines, String tag, int step, double value) {
        lines.computeIfAbsent(tag, first -> new ArrayList<>()).add(tag + " " + step + " " + value);
    }
}
