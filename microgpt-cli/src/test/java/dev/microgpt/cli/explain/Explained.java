package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a page says, read from its JSON as a browser does, and the arithmetic that its formulas promise. */
public final class Explained {
    private static final String BEGINNING = "<script type=\"application/json\" id=\"data\">";

    private final Map<String, @Nullable Object> json;
    private final List<Tensor> tensors = new ArrayList<>();

    private Explained(Map<String, @Nullable Object> json) {
        this.json = json;
        for (Object tensor : list(json.get("tensors"))) {
            tensors.add(new Tensor(map(tensor)));
        }
    }

    public static Explained read(Path page) throws IOException {
        String html = Files.readString(page);
        int from = html.indexOf(BEGINNING) + BEGINNING.length();
        String text = html.substring(from, html.indexOf("</script>", from));
        return new Explained(Json.readObject(page.toString(), text));
    }

    /** A tensor, of which some rows are there. */
    public static final class Tensor {
        private final String kind;
        private final @Nullable String name;
        private final int[] shape;
        private final int[] places; // of each row in data; -1 if it is not there
        private final double[] data;

        private Tensor(Map<String, @Nullable Object> json) {
            kind = (String) json.get("kind");
            name = (String) json.get("name");
            shape = ints(json.get("shape"));
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode((String) json.get("data")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            boolean isRounded = "f4".equals(json.get("type"));
            data = new double[bytes.capacity() / (isRounded ? Float.BYTES : Double.BYTES)];
            for (int i = 0; i < data.length; i++) {
                data[i] = isRounded ? bytes.getFloat() : bytes.getDouble();
            }
            places = new int[IntStream.of(shape).reduce(1, (x, y) -> x * y) / columns()];
            Arrays.fill(places, -1);
            int[] rows =
                    json.get("rows") == null ? IntStream.range(0, places.length).toArray() : ints(json.get("rows"));
            for (int i = 0; i < rows.length; i++) {
                places[rows[i]] = i;
            }
            assertEquals(rows.length * columns(), data.length, "numbers of " + name);
        }

        public String kind() {
            return kind;
        }

        public @Nullable String name() {
            return name;
        }

        public int[] shape() {
            return shape;
        }

        /** All numbers that are there. */
        public double[] data() {
            return data;
        }

        public int rows() {
            return places.length;
        }

        public int columns() {
            return shape.length == 0 ? 1 : shape[shape.length - 1];
        }

        public boolean has(int row) {
            return places[row] >= 0;
        }

        public double at(int row, int column) {
            assertTrue(has(row), () -> "row " + row + " of " + name + " is missing");
            return data[places[row] * columns() + column];
        }

        double flat(int i) {
            return at(i / columns(), i % columns());
        }
    }

    public Tensor tensorAt(int index) {
        return tensors.get(index);
    }

    public Tensor tensor(@Nullable Object index) {
        return tensors.get(integer(index));
    }

    public int tensorCount() {
        return tensors.size();
    }

    public @Nullable Object get(String field) {
        assertTrue(json.containsKey(field), field);
        return json.get(field);
    }

    public Map<String, @Nullable Object> at(String field) {
        return map(get(field));
    }

    /** Objects of a list. */
    public List<Map<String, @Nullable Object>> all(String field) {
        return maps(get(field));
    }

    @SuppressWarnings("unchecked") // all maps are of this type
    public static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) value;
    }

    public static List<Map<String, @Nullable Object>> maps(@Nullable Object value) {
        return list(value).stream().map(Explained::map).toList();
    }

    @SuppressWarnings("unchecked") // all lists are of this type
    public static List<@Nullable Object> list(@Nullable Object value) {
        return (List<@Nullable Object>) value;
    }

    public static int integer(@Nullable Object value) {
        return ((BigInteger) value).intValueExact();
    }

    public static double number(@Nullable Object value) {
        return ((Number) value).doubleValue();
    }

    public static int[] ints(@Nullable Object value) {
        return list(value).stream().mapToInt(Explained::integer).toArray();
    }

    public static double[] numbers(@Nullable Object value) {
        return list(value).stream().mapToDouble(Explained::number).toArray();
    }

    // ---- operations ----

    /** Checks that every input is a weight, a constant, or the output of an earlier operation. */
    public void assertLinked(List<Map<String, @Nullable Object>> operations) {
        Set<Integer> outputs = new HashSet<>();
        for (Map<String, @Nullable Object> operation : operations) {
            outputs.add(integer(operation.get("output")));
        }
        Set<Integer> known = new HashSet<>();
        for (int i = 0; i < operations.size(); i++) {
            Map<String, @Nullable Object> operation = operations.get(i);
            assertEquals(i, integer(operation.get("index")));
            for (int input : ints(operation.get("inputs"))) {
                boolean isWeight = tensors.get(input).kind.equals("weight");
                assertEquals(isWeight, !outputs.contains(input), "input of operation " + i);
                assertTrue(isWeight || known.contains(input), "operation " + i + " reads what comes later");
            }
            int output = integer(operation.get("output"));
            assertTrue(known.add(output), "two operations have one output");
            List<@Nullable Object> names = list(operation.get("names"));
            assertEquals(names.isEmpty() ? null : names.get(0), operation.get("name"));
            assertEquals(tensors.get(output).name, operation.get("name"));
        }
    }

    /** Checks all elements that have a formula, and returns their number. */
    public int checkAll(List<Map<String, @Nullable Object>> operations) {
        int checked = 0;
        for (Map<String, @Nullable Object> operation : operations) {
            Tensor y = tensor(operation.get("output"));
            for (int row = 0; row < y.rows(); row++) {
                checked += checkRow(operation, row, y.columns());
            }
        }
        return checked;
    }

    /** Follows a row of the last operation back to the weights, outside layers and in one of them. */
    public int follow(List<Map<String, @Nullable Object>> operations, int row, int layer, int followable) {
        Map<Integer, Set<Integer>> needed = new HashMap<>();
        for (Map<String, @Nullable Object> operation : operations) {
            List<@Nullable Object> names = list(operation.get("names"));
            if (names.contains("logits") || names.contains("embd") || names.contains("layer" + layer + ".stream")) {
                needed.put(integer(operation.get("output")), new HashSet<>(Set.of(row)));
            }
        }
        int checked = 0;
        for (int i = operations.size() - 1; i >= 0; i--) {
            Map<String, @Nullable Object> operation = operations.get(i);
            String section = (String) operation.get("section");
            int output = integer(operation.get("output"));
            for (int y : needed.getOrDefault(output, Set.of())) {
                assertTrue(tensors.get(output).has(y), () -> "row " + y + " of " + operation);
                if (!section.startsWith("layer") || section.startsWith("layer" + layer + ".")) {
                    checked += checkRow(operation, y, followable);
                    read(operation, y, needed);
                }
            }
        }
        return checked;
    }

    private void read(Map<String, @Nullable Object> operation, int row, Map<Integer, Set<Integer>> needed) {
        Map<String, @Nullable Object> detail = map(operation.get("detail"));
        int[] inputs = ints(operation.get("inputs"));
        Tensor y = tensor(operation.get("output"));
        for (int k = 0; k < inputs.length; k++) {
            Tensor x = tensors.get(inputs[k]);
            if (x.kind.equals("weight")) {
                continue;
            }
            Set<Integer> rows = needed.computeIfAbsent(inputs[k], input -> new HashSet<>());
            if (detail.get("kind").equals("same")) {
                int first = row * y.columns() / x.columns();
                int last = ((row + 1) * y.columns() - 1) / x.columns();
                for (int r = first; r <= last; r++) {
                    rows.add(r);
                }
            } else {
                rows.add(row);
            }
        }
    }

    /** Checks the elements of a row whose inputs are there; at least so many of them must be. */
    private int checkRow(Map<String, @Nullable Object> operation, int row, int atLeast) {
        Map<String, @Nullable Object> detail = map(operation.get("detail"));
        String kind = (String) detail.get("kind");
        int[] in = ints(operation.get("inputs"));
        Tensor y = tensor(operation.get("output"));
        Tensor x = in.length == 0 ? y : tensors.get(in[0]);
        int columns = y.columns();
        int source = kind.equals("gather") ? ints(detail.get("rows"))[row] : row;
        int checked = 0;
        for (int c = 0; c < columns; c++) {
            double expected = y.at(row, c);
            double actual;
            switch (kind) {
                case "dot" -> {
                    Tensor w = tensors.get(in[1]);
                    if (!w.has(c)) {
                        continue;
                    }
                    actual = in.length > 2 ? tensors.get(in[2]).flat(c) : 0.0;
                    for (int i = 0; i < x.columns(); i++) {
                        actual = Math.fma(x.at(row, i), w.at(c, i), actual);
                    }
                }
                case "gather" -> actual = x.at(source, c);
                case "pair" -> actual = pair((String) detail.get("symbol"), x, tensors.get(in[1]), row, c);
                case "scaled" ->
                    actual = x.at(row, c)
                            * tensor(detail.get("factor")).flat(row)
                            * (in.length > 1 ? tensors.get(in[1]).flat(c) : 1);
                case "layerNorm" ->
                    actual = Math.fma(
                            tensor(detail.get("normalized")).at(row, c),
                            tensors.get(in[1]).flat(c),
                            in.length > 2 ? tensors.get(in[2]).flat(c) : 0);
                case "same" -> actual = x.flat(row * columns + c);
                case "rotary" -> actual = rotated(detail, x, row, c);
                case "attention" -> actual = attended(detail, in, row, c);
                default -> actual = expected;
            }
            assertEquals(expected, actual, () -> operation.get("op") + " " + operation.get("name") + " row " + row);
            checked++;
        }
        int least = Math.min(columns, atLeast);
        int there = checked;
        assertTrue(checked >= least, () -> there + " of " + operation.get("op") + " " + operation.get("name"));
        return checked;
    }

    private static double pair(String symbol, Tensor a, Tensor b, int row, int column) {
        double x = broadcast(a, row, column);
        double y = broadcast(b, row, column);
        return switch (symbol) {
            case "+" -> x + y;
            case "·" -> x * y;
            case "−" -> x - y;
            case "/" -> x / y;
            default -> throw new AssertionError(symbol);
        };
    }

    private static double broadcast(Tensor x, int row, int column) {
        return x.at(x.rows() == 1 ? 0 : row, x.columns() == 1 ? 0 : column);
    }

    private double rotated(Map<String, @Nullable Object> detail, Tensor x, int row, int column) {
        int width = 2 * tensor(detail.get("cos")).columns();
        int first = column / width * width;
        int i = (column - first) % (width / 2);
        double a = x.at(row, first + i);
        double b = x.at(row, first + width / 2 + i);
        double cos = tensor(detail.get("cos")).at(row, i);
        double sin = tensor(detail.get("sin")).at(row, i);
        return column - first < width / 2 ? a * cos - b * sin : b * cos + a * sin;
    }

    private double attended(Map<String, @Nullable Object> detail, int[] in, int q, int column) {
        Tensor queries = tensors.get(in[0]);
        Tensor keys = tensors.get(in[1]);
        Tensor values = tensors.get(in[2]);
        Tensor scores = tensor(detail.get("scores"));
        Tensor p = tensor(detail.get("probabilities"));
        int heads = integer(detail.get("heads"));
        int width = queries.columns() / heads;
        int head = column / width;
        int of = head * integer(detail.get("keyHeads")) / heads * width;
        int window = integer(detail.get("window"));
        int row = head * queries.rows() + q;
        int first = window == 0 ? 0 : Math.max(0, q - window + 1);
        double scale = number(detail.get("scale"));
        double y = 0;
        double sum = 0;
        for (int u = 0; u < p.columns(); u++) {
            if (u < first || u > q) {
                assertEquals(0.0, p.at(row, u), "masked");
                continue;
            }
            double score = 0;
            for (int j = 0; j < width; j++) {
                score = Math.fma(queries.at(q, head * width + j), keys.at(u, of + j), score);
            }
            assertEquals(score, scores.at(row, u), "score");
            double ratio = Math.exp(scale * (score - scores.at(row, first)));
            assertEquals(ratio, p.at(row, u) / p.at(row, first), 1e-12 * ratio, "softmax");
            y = Math.fma(p.at(row, u), values.at(u, of + column % width), y);
            sum += p.at(row, u);
        }
        assertEquals(1, sum, 1e-12);
        return y;
    }
}
