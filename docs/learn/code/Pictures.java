import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.regex.*;

/** Draws the pictures of the chapters from the numbers that the chapters show. */
public final class Pictures {
    private static Path pages, folder;

    public static void main(String[] args) throws IOException {
        pages = Path.of(args.length > 1 ? args[1] : "docs/learn");
        folder = Path.of(args.length > 2 ? args[2] : "docs/learn/pictures");
        pairs(Path.of(args.length > 0 ? args[0] : "data/names.txt"));
        diamond();
        counting();
        attention();
        cache();
        gpt();
        stream();
        losses();
        adam();
        overfit();
    }

    /** Chapter 1: the probabilities of all pairs. */
    static void pairs(Path file) throws IOException {
        List<String> names = Documents.read(file).texts();
        new PythonRandom(42).shuffle(names);
        int[][] counts = new int[27][28];
        for (String name : names.subList(0, names.size() * 8 / 10)) {
            int before = 26;
            for (int i = 0; i <= name.length(); i++) {
                int next = i < name.length() ? name.charAt(i) - 'a' : 26;
                counts[before][next]++;
                counts[before][27]++;
                before = next;
            }
        }
        Svg svg = new Svg(640, 640, "How likely each letter follows each other",
                "27 by 27 fields, darker where the letter of the column often follows that of the row; a dot is BOS.");
        svg.text(330, 22, "middle", "next letter; the dot is the end of the name");
        svg.text(-330, 22, "middle", "letter before; the dot is the beginning", " transform=\"rotate(-90)\"");
        for (int row = 0; row < 27; row++) {
            double y = 56 + row * 21;
            svg.text(44, y + 15, "middle", letter(row));
            svg.text(69.5 + row * 21, 48, "middle", letter(row));
            for (int column = 0; column < 27; column++) {
                double p = counts[row][column] / (double) counts[row][27];
                svg.add("<rect class=\"one\" style=\"stroke: none\" x=\"%.0f\" y=\"%.0f\" width=\"20\" height=\"20\""
                        + " fill-opacity=\"%.3f\"/>", 59.0 + column * 21, y, Math.sqrt(p));
            }
        }
        svg.save("pairs");
    }

    static String letter(int token) { return token == 26 ? "." : Character.toString((char) ('a' + token)); }

    /** Chapter 2: values and derivatives of y = a·b + a. */
    static void diamond() throws IOException {
        double[] n = rows("2-gradients.md", "y = a\\*b \\+ a = (\\d+) +dy/da = (\\d+) +dy/db = (\\d+)").get(0);
        Svg svg = new Svg(620, 250, "Values and derivatives of y = a·b + a",
                "Values go from left to right, derivatives from right to left; those of a come in on two ways.");
        svg.add("<path class=\"guide line\" d=\"M110 90 L260 90 M110 190 C190 190 200 120 260 105"
                + " M340 90 L490 130 M110 75 C250 -10 400 20 505 115\"/>");
        node(svg, 80, 90, "a = 2", String.format(Locale.ROOT, "dy/da = 3 + 1 = %.0f", n[1]));
        node(svg, 80, 190, "b = 3", String.format(Locale.ROOT, "dy/db = %.0f", n[2]));
        node(svg, 300, 95, "a·b = 6", "dy/d(a·b) = 1");
        node(svg, 530, 135, String.format(Locale.ROOT, "y = %.0f", n[0]), "dy/dy = 1");
        svg.text(185, 82, "middle", "×b, gives 3", " class=\"second\"");
        svg.text(205, 165, "start", "×a, gives 2", " class=\"second\"");
        svg.text(300, 18, "middle", "×1, gives 1", " class=\"second\"");
        svg.text(425, 105, "middle", "×1", " class=\"second\"");
        svg.save("diamond");
    }

    static void node(Svg svg, double x, double y, String value, String gradient) {
        svg.add("<rect class=\"box\" x=\"%.0f\" y=\"%.0f\" width=\"80\" height=\"32\" rx=\"8\"/>", x - 40, y - 16);
        svg.text(x, y + 5, "middle", value);
        svg.text(x, y + 34, "middle", gradient, " class=\"second\"");
    }

    /** Chapter 3: the loss for each length of context. */
    static void counting() throws IOException {
        List<double[]> rows = rows("3-window.md", " +(\\d+) +\\d+ +([\\d.]+) +\\d+ +([\\d.]+)");
        Chart chart = new Chart("Counting more letters", "letters of context", "loss", 0, 6, 1.25, 3, false);
        chart.ticks(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0), List.of(1.5, 2.0, 2.5, 3.0), "%.0f");
        chart.line("two", "names it has counted", column(rows, 0), column(rows, 1));
        chart.line("one", "validation names", column(rows, 0), column(rows, 2));
        chart.save("counting");
    }

    /** Chapter 4: the weights of both heads. */
    static void attention() throws IOException {
        Svg svg = new Svg(620, 300, "Attention weights of two heads",
                "Two triangles for the letters of marie; head 0 looks at vowels, head 1 at the letter before.");
        Matcher head = Pattern.compile("head \\d +m +a +r +i +e\n((?: +\\w(?:  \\d.\\d\\d)+\n){5})")
                .matcher(text("4-attention.md"));
        for (int h = 0; head.find(); h++) {
            double left = 80 + 290 * h;
            svg.text(left + 100, 24, "middle", h == 0 ? "head 0: looks for vowels" : "head 1: looks one letter back");
            String[] rows = head.group(1).strip().split("\n");
            for (int t = 0; t < 5; t++) {
                String[] weights = rows[t].strip().split(" +");
                svg.text(left - 14, 86 + 42 * t, "middle", weights[0]);
                svg.text(left + 20 + 42 * t, 52, "middle", weights[0]);
                for (int u = 0; u <= t; u++) {
                    svg.add("<rect class=\"one\" x=\"%.0f\" y=\"%d\" width=\"40\" height=\"40\" fill-opacity=\"%s\"/>",
                            left + 42 * u, 61 + 42 * t, weights[u + 1]);
                }
            }
        }
        svg.text(310, 292, "middle", "row: the letter that looks; column: the letter that is looked at");
        svg.save("attention");
    }

    /** Chapter 4: multiplications with and without the cache. */
    static void cache() throws IOException {
        List<double[]> rows = rows("4-attention.md", " +(\\d+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) +[\\d.]+$");
        double[] n = column(rows, 0), with = column(rows, 1), without = column(rows, 3);
        for (int i = 0; i < n.length; i++) {
            with[i] = (with[i] + rows.get(i)[2]) / 1000;
            without[i] = (without[i] + rows.get(i)[4]) / 1000;
        }
        Chart chart = new Chart("Work to generate a name", "tokens", "thousand multiplications", 0, 16, 0, 460, false);
        chart.ticks(List.of(1.0, 2.0, 4.0, 8.0, 16.0), List.of(0.0, 100.0, 200.0, 300.0, 400.0), "%.0f");
        chart.line("two", "without cache", n, without);
        chart.line("one", "with cache", n, with);
        chart.save("cache");
    }

    /** Chapter 5: the residual stream and what reads and writes it. */
    static void gpt() throws IOException {
        Svg svg = new Svg(800, 225, "A GPT with one layer",
                "The residual stream, from embedding to head; attention and MLP read it through a norm and add to it.");
        svg.add("<path class=\"one line\" style=\"stroke-width: 5\" d=\"M110 70 L690 70\"/>");
        svg.text(410, 30, "middle", "residual stream: one row of 16 numbers for each letter");
        box(svg, 10, 46, 106, "embedding", "letter + place");
        box(svg, 130, 46, 50, "norm", "");
        branch(svg, 200, "attention", "letters communicate");
        branch(svg, 445, "MLP", "each on its own");
        box(svg, 690, 46, 100, "head", "27 logits");
        svg.text(430, 205, "middle", "a layer: attention and MLP; it can be repeated", " class=\"second\"");
        svg.save("gpt");
    }

    static void branch(Svg svg, double x, String name, String what) {
        svg.add("<path class=\"guide line\" d=\"M%.0f 70 L%.0f 120 M%.0f 140 L%.0f 140 M%.0f 120 L%.0f 82\"/>", x + 25,
                x + 25, x + 50, x + 66, x + 200, x + 200);
        svg.add("<circle class=\"box\" cx=\"%.0f\" cy=\"70\" r=\"11\"/>", x + 200);
        svg.text(x + 200, 75, "middle", "+");
        box(svg, x, 118, 50, "norm", "");
        box(svg, x + 66, 118, 160, name, what);
    }

    static void box(Svg svg, double x, double y, double width, String name, String what) {
        svg.add("<rect class=\"box\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"48\" rx=\"8\"/>", x, y, width);
        svg.text(x + width / 2, y + (what.isEmpty() ? 29 : 20), "middle", name);
        svg.text(x + width / 2, y + 38, "middle", what, " class=\"second\"");
    }

    /** Chapter 5: what is known at each place of the stream. */
    static void stream() throws IOException {
        Matcher row = Pattern.compile("(?m)^(embedding|layer \\d (?:attention|mlp)) +([\\d.]+) .*?([\\d.]+)$")
                .matcher(text("5-gpt.md"));
        Svg svg = new Svg(620, 245, "What is known at each place of the residual stream",
                "Bars: the loss if the head read the stream there. It falls with each addition.");
        svg.text(160, 24, "start", "loss, if the head read the stream here");
        for (int i = 0; row.find(); i++) {
            double loss = Double.parseDouble(row.group(3));
            svg.text(150, 58 + 36 * i, "end", (i == 0 ? "" : "+ ") + row.group(1));
            svg.add("<rect class=\"one\" x=\"160\" y=\"%d\" width=\"%.1f\" height=\"24\" fill-opacity=\"0.6\"/>",
                    41 + 36 * i, (loss - 2.3) * 850);
            svg.text(168 + (loss - 2.3) * 850, 58 + 36 * i, "start", row.group(3));
        }
        svg.text(160, 235, "start", "the bars begin at 2.3", " class=\"second\"");
        svg.save("stream");
    }

    /** Chapter 5: six networks and three lines. */
    static void losses() throws IOException {
        Chart chart = new Chart("Loss on names that no model has seen", "names seen in training", "loss", 800, 110000,
                2.25, 2.78, true);
        chart.ticks(List.of(960.0, 3200.0, 9600.0, 32000.0, 96000.0), List.of(2.3, 2.4, 2.5, 2.6, 2.7), "%.0f");
        double[] all = {800, 110000};
        double counted = rows("3-window.md", "chosen: .* loss on the test names ([\\d.]+)").get(0)[0];
        double pairs = rows("1-counting.md", "counted plus one.* loss ([\\d.]+)").get(0)[0];
        chart.line("guide dashed", "", all, same(pairs));
        chart.label("counted pairs", pairs);
        chart.line("guide dashed", "", all, same(counted));
        chart.label("counted 5 letters", counted);
        curve(chart, "one", "window", "3-window.md", "Window", "");
        curve(chart, "two", "recurrent", "5-gpt.md", "Recurrent", "");
        curve(chart, "three", "GPT", "5-gpt.md", "TinyGpt", "");
        curve(chart, "one dashed", "", "5-gpt.md", "Window", "-D.*");
        curve(chart, "two dashed", "", "5-gpt.md", "Recurrent", "-D.*");
        curve(chart, "three dashed", "dashed: 6 × larger", "5-gpt.md", "TinyGpt", "-Dlayers.*");
        chart.save("losses");
    }

    static double[] same(double y) { return new double[] {y, y}; }

    static void curve(Chart chart, String style, String name, String page, String program, String options)
            throws IOException {
        Matcher run = Pattern.compile("java " + options + "-cp \\S+ docs/learn/code/" + program
                + ".java\n```\n\n```text\n((?:.*\n)*?)```").matcher(text(page));
        if (!run.find()) { throw new IllegalStateException(page + " has no run of " + program); }
        List<double[]> rows = matches(run.group(1), "names +(\\d+) +loss ([\\d.]+)");
        rows.remove(0); // before the first step
        chart.line(style, name, column(rows, 0), column(rows, 1));
    }

    /** Chapter 6: gradient, average and change of one weight. */
    static void adam() throws IOException {
        String number = " +([+-]?[\\d.]+(?:e-\\d+)?)";
        List<double[]> rows = rows("6-training.md", " +(\\d+)" + number.repeat(8) + "$");
        Svg svg = new Svg(620, 380, "Eight steps of one weight",
                "Bars for steps 1 to 8: the gradient, its corrected average, and the change of the weight.");
        String[] names = {"gradient g", "average m/c", "change of weight"};
        int[] columns = {2, 5, 7};
        for (int i = 0; i < 3; i++) {
            double zero = 75 + 115 * i, most = 0;
            for (double[] row : rows) { most = Math.max(most, Math.abs(row[columns[i]])); }
            svg.text(20, zero + 4, "start", names[i]);
            svg.text(20, zero + 22, "start", "in thousandths", " class=\"second\"");
            svg.add("<line class=\"grid\" x1=\"170\" y1=\"%.1f\" x2=\"600\" y2=\"%.1f\"/>", zero, zero);
            for (double[] row : rows) {
                double height = 40 * row[columns[i]] / most;
                double x = 170 + 52 * (row[0] - 1);
                svg.add("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"36\" height=\"%.1f\" fill-opacity=\"0.6\"/>",
                        i == 2 ? "two" : "one", x, zero - Math.max(height, 0), Math.abs(height));
                svg.text(x + 18, height > 0 ? zero - height - 5 : zero - height + 15, "middle",
                        String.format(Locale.ROOT, "%+.1f", 1000 * row[columns[i]]));
                if (i == 2) { svg.text(x + 18, 372, "middle", String.format(Locale.ROOT, "step %.0f", row[0])); }
            }
        }
        svg.save("adam");
    }

    /** Chapter 6: learned and other names, for three amounts of data. */
    static void overfit() throws IOException {
        List<double[]> rows = rows("6-training.md", "(\\d+)" + " +([\\d.]+)".repeat(8) + "$");
        Chart chart = new Chart("Training on few names", "names seen in training", "loss", 280, 75000, 0, 5, true);
        chart.ticks(List.of(320.0, 3200.0, 16000.0, 64000.0), List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0), "%.0f");
        double[] at = {320, 3200, 16000, 64000};
        String[] styles = {"two", "four", "one"};
        for (int i = 0; i < 3; i++) {
            double[] row = rows.get(i), learned = new double[4], others = new double[4];
            for (int j = 0; j < 4; j++) {
                learned[j] = row[1 + 2 * j];
                others[j] = Math.min(row[2 + 2 * j], 5.2); // the others are outside the picture
            }
            String name = i == 2 ? "all names" : String.format(Locale.ROOT, "%.0f names", row[0]);
            chart.line(styles[i], name, at, learned);
            chart.line(styles[i] + " dashed", i == 0 ? "dashed: other names" : "", at, others);
        }
        chart.save("overfit");
    }

    /** Returns the numbers in the groups of an expression, for each line of a page that it matches. */
    static List<double[]> rows(String page, String expression) throws IOException {
        List<double[]> rows = matches(text(page), "(?m)^" + expression);
        if (rows.isEmpty()) { throw new IllegalStateException(page + " has no " + expression); }
        return rows;
    }

    static List<double[]> matches(String text, String expression) {
        List<double[]> rows = new ArrayList<>();
        Matcher row = Pattern.compile(expression).matcher(text);
        while (row.find()) {
            double[] numbers = new double[row.groupCount()];
            for (int i = 0; i < numbers.length; i++) { numbers[i] = Double.parseDouble(row.group(i + 1)); }
            rows.add(numbers);
        }
        return rows;
    }

    static String text(String page) throws IOException {
        return Files.readString(pages.resolve(page)).replace("\r\n", "\n");
    }

    static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    /** Lines in a coordinate system, with names in a legend. */
    static final class Chart {
        private final Svg svg;
        private final double x0, x1, y0, y1;
        private final boolean logarithmic;
        private final List<String[]> legend = new ArrayList<>();

        Chart(String title, String x, String y, double x0, double x1, double y0, double y1, boolean logarithmic) {
            this.x0 = x0; this.x1 = x1; this.y0 = y0; this.y1 = y1; this.logarithmic = logarithmic;
            svg = new Svg(760, 380, title, title + ": " + y + " against " + x + ".");
            svg.text(310, 22, "middle", title);
            svg.text(310, 372, "middle", x);
            svg.text(-190, 16, "middle", y, " transform=\"rotate(-90)\"");
        }

        double x(double x) {
            double share = logarithmic ? StrictMath.log(x / x0) / StrictMath.log(x1 / x0) : (x - x0) / (x1 - x0);
            return 60 + 500 * share;
        }

        double y(double y) { return 330 - 290 * (y - y0) / (y1 - y0); }

        void ticks(List<Double> xs, List<Double> ys, String format) {
            for (double y : ys) {
                svg.add("<line class=\"grid\" x1=\"60\" y1=\"%.1f\" x2=\"560\" y2=\"%.1f\"/>", y(y), y(y));
                svg.text(54, y(y) + 4, "end", y1 > 5 ? String.format(Locale.ROOT, "%.0f", y) : Double.toString(y));
            }
            for (double x : xs) {
                svg.add("<line class=\"grid\" x1=\"%.1f\" y1=\"330\" x2=\"%.1f\" y2=\"335\"/>", x(x), x(x));
                svg.text(x(x), 350, "middle", String.format(Locale.ROOT, format, x));
            }
        }

        void line(String style, String name, double[] x, double[] y) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < x.length; i++) {
                points.append(String.format(Locale.ROOT, " %.1f,%.1f", x(x[i]), y(y[i])));
            }
            svg.add("<polyline class=\"%s line\" points=\"%s\"/>", style, points.substring(1));
            if (!name.isEmpty()) { legend.add(new String[] {style, name}); }
        }

        /** Names a line at its right end. */
        void label(String name, double y) { svg.text(566, y(y) + 4, "start", name); }

        void save(String name) throws IOException {
            for (int i = 0; i < legend.size(); i++) {
                svg.add("<line class=\"%s line\" x1=\"575\" y1=\"%d\" x2=\"600\" y2=\"%d\"/>", legend.get(i)[0],
                        60 + 24 * i, 60 + 24 * i);
                svg.text(606, 64 + 24 * i, "start", legend.get(i)[1]);
            }
            svg.save(name);
        }
    }

    /** A picture that is readable on light and dark ground. */
    static final class Svg {
        private final StringBuilder body = new StringBuilder();

        Svg(int width, int height, String title, String description) {
            add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                    + " role=\"img\" aria-labelledby=\"title desc\">", width, height, width, height);
            add("<title id=\"title\">%s</title>%n<desc id=\"desc\">%s</desc>", title, description);
            add("<style>%n"
                    + "  text { font: 13px system-ui, -apple-system, \"Segoe UI\", sans-serif; fill: #1b1f24; }%n"
                    + "  .ground, .box { fill: #ffffff; }  .box { stroke: #57606a; }%n"
                    + "  .grid { stroke: #d7dce1; }  .line { fill: none !important; stroke-width: 2; }%n"
                    + "  .one { stroke: #0b63b0; fill: #0b63b0; }  .two { stroke: #a8480a; fill: #a8480a; }%n"
                    + "  .three { stroke: #1a7f37; fill: #1a7f37; }  .four { stroke: #8250df; fill: #8250df; }%n"
                    + "  .guide { stroke: #6b7480; fill: #6b7480; }  text.second { fill: #a8480a; }%n"
                    + "  .dashed { stroke-dasharray: 6 5; }%n"
                    + "  @media (prefers-color-scheme: dark) {%n"
                    + "    text { fill: #e6edf3; }  .ground, .box { fill: #0d1117; }  .box { stroke: #9aa4af; }%n"
                    + "    .grid { stroke: #30363d; }%n"
                    + "    .one { stroke: #6cb6ff; fill: #6cb6ff; }  .two { stroke: #f0a050; fill: #f0a050; }%n"
                    + "    .three { stroke: #57d364; fill: #57d364; }  .four { stroke: #c297ff; fill: #c297ff; }%n"
                    + "    .guide { stroke: #9aa4af; fill: #9aa4af; }  text.second { fill: #f0a050; }%n"
                    + "  }%n</style>%n<rect class=\"ground\" width=\"%d\" height=\"%d\"/>", width, height);
        }

        void add(String format, Object... values) {
            body.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values)).append('\n');
        }

        void text(double x, double y, String anchor, String text) { text(x, y, anchor, text, ""); }

        void text(double x, double y, String anchor, String text, String attributes) {
            add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>", x, y, anchor, attributes, text);
        }

        void save(String name) throws IOException {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".svg"), body + "</svg>\n");
        }
    }
}
