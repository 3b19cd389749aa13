import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.*;
import dev.microgpt.train.score.*;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;

/** Trains a small model on the file names of {@code FileNames}, and measures how well it finds the odd ones. */
public final class Roc {
    static final List<String> KINDS =
            List.of("random", "alphabet", "extension", "double", "style", "order", "swap", "cut", "date");
    static final String[] NAMES = {"bigram", "5-gram", "5-gram, worst", "model", "model, worst"};
    static final int MODEL = 3, WORST = 4, STEPS = 2000;
    static Path folder;

    public static void main(String[] args) throws Exception {
        folder = Path.of(args.length > 0 ? args[0] : "target/file-names");
        Path picture = Path.of(args.length > 1 ? args[1] : "docs/scoring/roc.svg");
        int stop = args.length > 2 ? Integer.parseInt(args[2]) : STEPS; // a shorter run prints the beginning

        List<String> training = lines("train"), test = lines("test");
        LineScorer scorer = scorer(training, test, stop);
        Ngram bigram = new Ngram(2, training);
        List<Detector> detectors = new ArrayList<>(List.of(lines -> bigram.scores(lines, false)));
        if (scorer != null) {
            Ngram fiveGram = new Ngram(5, training);
            detectors.add(lines -> fiveGram.scores(lines, false));
            detectors.add(lines -> fiveGram.scores(lines, true));
            detectors.add(lines -> scorer.score(lines).stream().mapToDouble(LineScore::bitsPerCharacter).toArray());
            detectors.add(lines -> scorer.score(lines).stream().mapToDouble(LineScore::worstBits).toArray());
        }

        double[][] normal = scores(detectors, test);
        Map<String, double[][]> odd = new LinkedHashMap<>();
        List<String> all = new ArrayList<>();
        for (String kind : KINDS) {
            odd.put(kind, scores(detectors, lines("odd/" + kind)));
            all.addAll(lines("odd/" + kind));
        }
        odd.put("all", scores(detectors, all));
        System.out.println("\nAUC         bigram   5-gram  its worst    model  its worst");
        odd.forEach((kind, of) -> {
            System.out.printf("%-10s", kind);
            for (int i = 0; i < of.length; i++) { print("%.3f", i, auc(normal[i], of[i])); }
            System.out.println();
        });
        if (scorer == null) { return; }

        double[][] held = scores(detectors, lines("calibration"));
        Calibration calibration = new Calibration(held[MODEL]);
        System.out.println("\nnumber\tscore\tworst\tat\tbits\tp\tflag\ttext");
        rows(lines("mixed"), scorer, calibration);

        System.out.println("\nalpha     detected: bigram   5-gram  its worst    model  its worst");
        for (double alpha : new double[] {0.05, 0.01, 0.001}) {
            detected(alpha + "", 18, held, odd.get("all"), alpha);
        }
        System.out.println("\nalpha     false alarms of the model   expected");
        for (double alpha : new double[] {0.05, 0.01, 0.001}) {
            double deviation = Math.sqrt(alpha * (1 - alpha) * (1.0 / calibration.count() + 1.0 / test.size()));
            System.out.printf(Locale.ROOT, "%-10s%24.2f%%   %.1f +- %.2f%%%n", alpha,
                    100 * above(normal[MODEL], calibration.threshold(alpha)), 100 * alpha, 100 * deviation);
        }
        System.out.println("\nalpha 0.01   detected: bigram   5-gram  its worst    model  its worst");
        odd.forEach((kind, of) -> detected(kind, 21, held, of, 0.01));

        System.out.println("\nalpha 0.01              lines   false alarms of: the model   its worst");
        Calibration worst = new Calibration(held[WORST]);
        for (String pattern : List.of(".{1,8}", ".{9,16}", ".{17,}", "core\\.\\d+")) {
            alarms(pattern, test, pattern, normal, calibration, worst);
        }
        List<String> drift = lines("drift");
        alarms("2025 and 2026", drift, ".*", scores(detectors, drift), calibration, worst);

        System.out.println("\none odd line in   share of flags that are right: alpha 0.01   alpha 0.001");
        for (int lines : new int[] {100, 1000, 100000}) {
            System.out.printf(Locale.ROOT, "%-45d", lines);
            for (double alpha : new double[] {0.01, 0.001}) {
                double limit = calibration.threshold(alpha);
                double right = above(odd.get("all")[MODEL], limit);
                double wrong = (lines - 1) * above(normal[MODEL], limit);
                System.out.printf(Locale.ROOT, "%12.2f%%", 100 * right / (right + wrong));
            }
            System.out.println();
        }
        draw(picture, normal, odd.get("all"));
    }

    /** Prints the number of a detector below its name. */
    static void print(String format, int detector, double number) {
        int width = detector == 2 || detector == WORST ? 11 : detector == 0 ? 8 : 9;
        System.out.printf("%" + width + "s", String.format(Locale.ROOT, format, number));
    }

    /** Prints the share of lines that each detector flags, with its own threshold from the same held-out lines. */
    static void detected(String what, int width, double[][] held, double[][] odd, double alpha) {
        System.out.printf("%-" + (width - 2) + "s", what);
        for (int i = 0; i < odd.length; i++) {
            print("%.1f%%", i, 100 * above(odd[i], new Calibration(held[i]).threshold(alpha)));
        }
        System.out.println();
    }

    /** Scores lines; a higher score is odder. */
    interface Detector {
        double[] scores(List<String> lines);
    }

    static List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name + ".txt"));
    }

    /** Trains a model, saves it for {@code microgpt score}, and prints how surprising the first test lines are. */
    static LineScorer scorer(List<String> training, List<String> test, int stop) throws IOException {
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(training);
        GptConfig config = GptConfig.microgpt(tokenizer.vocabSize()).withSizes(1, 4, 32, 40);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        Trainer trainer = new Trainer(gpt, new Batcher(training, tokenizer, 16, config.blockSize()),
                new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8), LearningRate.linearDecay(0.01, STEPS));
        TrainedModel trained = new TrainedModel(gpt, tokenizer, DataFormat.DOCUMENTS);
        System.out.println(gpt.parameters().count() + " parameters");
        for (int step : new int[] {0, 20, 200, STEPS}) {
            if (step > stop) { break; }
            trainer.run(step);
            double score = new LineScorer(trained).score(test.subList(0, 200)).stream()
                    .mapToDouble(LineScore::bitsPerCharacter).average().orElseThrow();
            System.out.printf(Locale.ROOT, "steps %4d   bits per character %.4f%n", step, score);
        }
        trained.save(folder.resolve("model.safetensors"));
        return stop < STEPS ? null : new LineScorer(TrainedModel.load(folder.resolve("model.safetensors")));
    }

    static double[][] scores(List<Detector> detectors, List<String> lines) {
        return detectors.stream().map(detector -> detector.scores(lines)).toArray(double[][]::new);
    }

    /** Prints the rows of {@code microgpt score}, with an alpha of 0.01. */
    static void rows(List<String> lines, LineScorer scorer, Calibration calibration) {
        List<LineScore> scores = scorer.score(lines);
        for (int i = 0; i < lines.size(); i++) {
            LineScore line = scores.get(i);
            double p = calibration.pValue(line.bitsPerCharacter());
            System.out.printf(Locale.ROOT, "%d\t%.4f\t%s\t%d\t%.4f\t%.6f\t%s\t%s%n", i + 1, line.bitsPerCharacter(),
                    line.worstText(), line.worst(), line.worstBits(), p, p <= 0.01 ? "1" : "", lines.get(i));
        }
    }

    /** Returns how often an odd line has a higher score than a normal one; a tie counts half. */
    static double auc(double[] normal, double[] odd) {
        double[] sorted = normal.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (double score : odd) {
            sum += (below(sorted, score) + below(sorted, Math.nextUp(score))) / 2.0;
        }
        return sum / odd.length / normal.length;
    }

    /** Returns how many of the sorted scores are below one. */
    static int below(double[] sorted, double score) {
        int at = Arrays.binarySearch(sorted, score);
        at = at < 0 ? -1 - at : at;
        while (at > 0 && sorted[at - 1] == score) { at--; }
        return at;
    }

    static double above(double[] scores, double threshold) {
        return Arrays.stream(scores).filter(score -> score > threshold).count() / (double) scores.length;
    }

    /** Prints how many of the lines that match a pattern are flagged. */
    static void alarms(String what, List<String> lines, String pattern, double[][] scores, Calibration calibration,
            Calibration worst) {
        int count = 0, flagged = 0, flaggedByWorst = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                count++;
                flagged += scores[MODEL][i] > calibration.threshold(0.01) ? 1 : 0;
                flaggedByWorst += scores[WORST][i] > worst.threshold(0.01) ? 1 : 0;
            }
        }
        System.out.printf(Locale.ROOT, "%-20s %8d %10d %8.2f%% %11d %7.2f%%%n", what, count, flagged,
                100.0 * flagged / count, flaggedByWorst, 100.0 * flaggedByWorst / count);
    }

    /** Counts characters after the n - 1 before, smoothed as Witten and Bell do, down to all characters alike. */
    static final class Ngram {
        private final int order;

        /** For each context how many characters followed and how many different ones; and the count of each. */
        private final Map<Long, int[]> counts = new HashMap<>();

        Ngram(int order, List<String> training) {
            this.order = order;
            for (String line : training) {
                String framed = framed(line);
                for (int i = order - 1; i < framed.length(); i++) {
                    for (int length = 0; length < order; length++) {
                        int[] context = counts.computeIfAbsent(key(framed, i - length, i), key -> new int[2]);
                        int[] next = counts.computeIfAbsent(key(framed, i - length, i + 1) + 1, key -> new int[1]);
                        context[0]++;
                        context[1] += next[0]++ == 0 ? 1 : 0;
                    }
                }
            }
        }

        private String framed(String line) { return "\n".repeat(order - 1) + line + "\n"; }

        /** Packs at most five characters and their number. */
        private static long key(String text, int from, int to) {
            long key = to - from;
            for (int i = from; i < to; i++) { key = key << 11 | text.charAt(i); }
            return key << 1;
        }

        double[] scores(List<String> lines, boolean ofWorst) {
            return lines.stream().mapToDouble(line -> score(line, ofWorst)).toArray();
        }

        /** Returns bits per character, or the bits of the most surprising one. */
        private double score(String line, boolean ofWorst) {
            String framed = framed(line);
            double bits = 0, worst = 0;
            for (int i = order - 1; i < framed.length(); i++) {
                double p = 1.0 / counts.get(0L)[1];
                int[] context = counts.get(0L);
                for (int length = 0; length < order && context != null; length++) {
                    int[] next = counts.get(key(framed, i - length, i + 1) + 1);
                    p = ((next == null ? 0 : next[0]) + context[1] * p) / (context[0] + context[1]);
                    context = counts.get(key(framed, i - length - 1 < 0 ? 0 : i - length - 1, i));
                }
                boolean isKnown = counts.containsKey(key(framed, i, i + 1) + 1);
                double here = -StrictMath.log(isKnown ? p : 1.0 / 1114112) / StrictMath.log(2);
                bits += here;
                worst = Math.max(worst, here);
            }
            return ofWorst ? worst : bits / (line.length() + 1);
        }
    }

    static void draw(Path file, double[][] normal, double[][] odd) throws IOException {
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 460" width="560" height="460" role="img" \
                aria-labelledby="title desc">
                <title id="title">ROC of five detectors of odd file names</title>
                <desc id="desc">The share of odd lines that are detected, by the share of false alarms.</desc>
                <style>
                  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1b1f24; }
                  .ground { fill: #ffffff; }  .grid { stroke: #d7dce1; }  .chance { stroke: #6b7480; }
                  .c { fill: none; stroke-width: 2; }
                  .c0 { stroke: #a8480a; }  .c1 { stroke: #1a7f37; }
                  .c2 { stroke: #1a7f37; }  .c3, .c4 { stroke: #0b63b0; }
                  .c2, .c4, .chance { stroke-dasharray: 2 3; }
                  .c0 { stroke-dasharray: 7 4; }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3; }  .ground { fill: #0d1117; }  .grid { stroke: #30363d; }
                    .chance { stroke: #9aa4af; }
                    .c0 { stroke: #f0a050; }  .c1 { stroke: #57d364; }
                    .c2 { stroke: #57d364; }  .c3, .c4 { stroke: #6cb6ff; }
                  }
                </style>
                <rect class="ground" width="560" height="460"/>
                """);
        for (int i = 0; i <= 5; i++) {
            double x = 70 + i * 92, y = 400 - i * 76;
            svg.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%.0f 400V20M70 %.0fH530\"/>%n"
                    + "<text x=\"%.0f\" y=\"418\" text-anchor=\"middle\">%.1f</text>%n"
                    + "<text x=\"62\" y=\"%.0f\" text-anchor=\"end\">%.1f</text>%n", x, y, x, i / 5.0, y + 4, i / 5.0));
        }
        svg.append("<text x=\"300\" y=\"444\" text-anchor=\"middle\">"
                + "false alarms: share of normal lines flagged</text>\n"
                + "<text transform=\"translate(24 210) rotate(-90)\" text-anchor=\"middle\">"
                + "detected: share of odd lines flagged</text>\n<path class=\"c chance\" d=\"M70 400L530 20\"/>\n");
        for (int i = 0; i < NAMES.length; i++) {
            double[] sorted = normal[i].clone();
            Arrays.sort(sorted);
            svg.append("<path class=\"c c").append(i).append("\" d=\"M70 400");
            for (int at = 0; at <= 230; at++) {
                int rank = sorted.length - 1 - (int) ((long) sorted.length * at / 230);
                double detected = rank < 0 ? 1 : above(odd[i], sorted[rank]);
                svg.append(String.format(Locale.ROOT, "L%d %.1f", 70 + 2 * at, 400 - 380 * detected));
            }
            svg.append(String.format(Locale.ROOT, "\"/>%n<path class=\"c c%d\" d=\"M250 %dH290\"/>%n"
                    + "<text x=\"298\" y=\"%d\">%s: AUC %.3f</text>%n", i, 280 + 24 * i, 284 + 24 * i, NAMES[i],
                    auc(normal[i], odd[i])));
        }
        Files.writeString(file, svg.append("</svg>\n").toString().replace("\r\n", "\n"));
    }
}
