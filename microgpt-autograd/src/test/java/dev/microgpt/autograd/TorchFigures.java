package dev.microgpt.autograd;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads {@code torch-ops.txt}, whose first lines say where it comes from and how a case is written. */
final class TorchFigures {
    private TorchFigures() {}

    /** One operation: what it was given and what PyTorch made of it. */
    static final class Case {
        private final String name;
        final List<Parameter> inputs = new ArrayList<>();
        private final Map<String, int[]> integers = new LinkedHashMap<>();
        private final Map<String, double[]> numbers = new LinkedHashMap<>();

        private Case(String name) {
            this.name = name;
        }

        int[] ints(String what) {
            return Objects.requireNonNull(integers.get(what), what);
        }

        /** Returns {@code output}, {@code dy} or {@code gradient NAME}. */
        double[] numbers(String what) {
            return Objects.requireNonNull(numbers.get(what), what);
        }

        private void add(String line) {
            String[] sides = line.split(" = ");
            String[] head = sides[0].split(" ");
            switch (head[0]) {
                case "ints" -> integers.put(head[1], integers(head, 2));
                case "input" -> inputs.add(new Parameter(head[1], Shape.of(integers(head, 2)), doubles(sides[1])));
                case "output", "dy" -> numbers.put(head[0], doubles(sides[1]));
                case "gradient" -> numbers.put("gradient " + head[1], doubles(sides[1]));
                default -> throw new IllegalArgumentException("unknown line: " + line);
            }
        }

        private static int[] integers(String[] words, int from) {
            return Stream.of(words).skip(from).mapToInt(Integer::parseInt).toArray();
        }

        private static double[] doubles(String words) {
            return Stream.of(words.split(" ")).mapToDouble(Double::parseDouble).toArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> read() {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(TorchFigures.class.getResourceAsStream("torch-ops.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("case ")) {
                    cases.add(new Case(line.substring("case ".length())));
                } else if (!line.startsWith("#")) {
                    cases.get(cases.size() - 1).add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }
}
