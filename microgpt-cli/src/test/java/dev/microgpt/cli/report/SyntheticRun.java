package dev.microgpt.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Made-up metrics of a training run: noisy losses that fall from the loss of guessing among 27 tokens. */
final class SyntheticRun {
    /** Texts that a page must show, not interpret. */
    static final List<String> AWKWARD_SAMPLES = List.of(
            "<script>document.title = 'obeyed'</script>",
            "</pre><img src=x onerror=\"alert(1)\">&amp;",
            "\u05E9\u05DC\u05D5\u05DD \u202Eabc",
            "\uD83D\uDE00 \u0000\u001B[31m\r",
            "\n  two\n\tlines  ",
            "");

    final List<String> lines = new ArrayList<>();
    final double[] losses;

    SyntheticRun(int steps, int evaluationInterval, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        losses = new double[steps];
        double best = Double.POSITIVE_INFINITY;
        for (int step = 1; step <= steps; step++) {
            double part = (double) step / steps;
            double expected = 2.15 + 1.15 / (1 + 12 * part) - 0.1 * part;
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            losses[step - 1] = expected + 0.5 * noise;
            double rate = 0.01 * Math.min(1, step / (0.05 * steps)) * (1 - part);
            double norm = (0.6 + 2 / (1 + 40 * part)) * (1 + 0.5 * noise) + (step == steps / 3 ? 9 : 0);
            int tokens = 60 + random.nextInt(30);
            double speed = (step < 20 ? 4000 + 400 * step : 12_000) * (1 + 0.1 * noise);
            lines.add("{\"step\":" + step + ",\"loss\":" + losses[step - 1] + ",\"learning_rate\":" + rate
                    + ",\"gradient_norm\":" + norm + ",\"tokens\":" + tokens + ",\"tokens_per_second\":" + speed + "}");
            if (step % evaluationInterval == 0) {
                double loss = expected + 0.05 + 0.12 * part * part;
                lines.add("{\"step\":" + step + ",\"validation_loss\":" + loss + ",\"perplexity\":" + Math.exp(loss)
                        + ",\"bits_per_token\":" + loss / Math.log(2) + ",\"bits_per_byte\":" + loss / Math.log(2)
                        + ",\"best\":" + (loss < best) + "}");
                best = Math.min(best, loss);
                lines.add("{\"step\":" + step + ",\"samples\":[\"anna" + step + "\",\"emma\"]}");
            }
        }
    }

    /** Adds the samples that are hard to show. */
    SyntheticRun withAwkwardSamples() {
        StringBuilder line = new StringBuilder("{\"step\":" + losses.length + ",\"samples\":[");
        for (int i = 0; i < AWKWARD_SAMPLES.size(); i++) {
            line.append(i == 0 ? "\"" : ",\"");
            for (char c : AWKWARD_SAMPLES.get(i).toCharArray()) {
                line.append(String.format("\\u%04x", (int) c));
            }
            line.append('"');
        }
        lines.add(line.append("]}").toString());
        return this;
    }

    Path writeTo(Path file) throws IOException {
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    static Map<String, String> configuration() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("layers", "1");
        entries.put("heads", "4");
        entries.put("channels", "16");
        entries.put("block size", "16");
        entries.put("steps", "2000");
        entries.put("learning rate", "0.01, along a line to 0");
        entries.put("data", "names.txt, sha256 6ab8c3d1f0e5b7a94c2d8e1f3a5b7c9d0e2f4a6b8c0d1e3f5a7b9c1d3e5f7a9b");
        entries.put("<b>seed</b>", "42 & \"more\"");
        return entries;
    }
}
