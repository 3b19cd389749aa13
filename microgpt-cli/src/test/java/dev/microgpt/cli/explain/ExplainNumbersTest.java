package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that a page displays, compared bit for bit with what the library computes apart from it. */
@Tag("browser")
@Timeout(300)
class ExplainNumbersTest {
    private static final int ELEMENTS = 300;

    /** What is displayed of the selected element: kind, parameter, result, and one line for each term. */
    private static final String DISPLAYED = """
            (() => {
              const element = document.querySelector('.element');
              const { kind, symbol, sign, denominator } = element.dataset;
              return [kind, symbol ?? sign ?? denominator ?? '', element.querySelector('output').textContent,
                ...[...element.querySelectorAll('.term')].map(term =>
                  [term.dataset.kind, ...[...term.querySelectorAll('td')].map(cell => cell.textContent)].join(' '))
              ].join('\\n');
            })()
            """;

    @TempDir
    Path folder;

    @Test
    void resultsAndTermsAreTheLibrarysBits() throws IOException, InterruptedException {
        Random random = new Random(42);
        Map<String, Integer> recombined = new TreeMap<>();
        try (ExplainBrowser page = new ExplainBrowser(folder)) {
            for (ExplainedModel model : ExplainedModel.ALL) {
                page.browser.open(model.page(folder));
                List<Trace.Step> steps = model.steps();
                for (int i = 0; i < ELEMENTS / ExplainedModel.ALL.size(); i++) {
                    int operation = i % steps.size();
                    Trace.Step step = steps.get(operation);
                    Shape shape = step.output().shape();
                    int row = random.nextInt(shape.rows());
                    int column = random.nextInt(shape.columns());
                    String address = "operations/" + operation + "/" + row + "," + column;
                    String[] displayed = page.read(DISPLAYED, address).split("\n");
                    double expected = step.output().data()[row * shape.columns() + column];
                    String message = step.op().name() + " " + String.join("; ", displayed);
                    assertSame(expected, Double.parseDouble(displayed[2]), message);
                    assertSame(expected, combined(step.op().name(), displayed), message);
                    recombined.merge(displayed[0], 1, Integer::sum);
                }
                page.checkIsQuiet();
            }
        }
        assertEquals(
                List.of("attention", "dot", "element", "gather", "layerNorm", "pair", "rotary", "same", "scaled"),
                new ArrayList<>(recombined.keySet()),
                "every kind is among them, and none is left apart");
    }

    private static void assertSame(double expected, double found, String message) {
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(found), message);
    }

    /** Computes the result from the terms, as the page says. */
    private static double combined(String name, String... displayed) {
        List<double[]> terms = new ArrayList<>();
        for (int i = 3; i < displayed.length; i++) {
            String[] parts = displayed[i].split(" ");
            double[] numbers = new double[parts.length - 1];
            for (int j = 0; j < numbers.length; j++) {
                assertTrue(parts[j + 1].matches("[-+.eE0-9]+"), String.join("; ", displayed));
                numbers[j] = Double.parseDouble(parts[j + 1]);
            }
            terms.add(numbers);
        }
        double x = terms.get(0)[0];
        switch (displayed[0]) {
            case "dot", "attention" -> {
                for (double[] term : terms.subList(1, terms.size())) {
                    x = Math.fma(term[0], term[1], x);
                }
                return x;
            }
            case "gather", "same" -> {
                return x;
            }
            case "scaled" -> {
                return x * terms.get(1)[0];
            }
            case "layerNorm" -> {
                return Math.fma(x, terms.get(1)[0], terms.size() < 3 ? 0.0 : terms.get(2)[0]);
            }
            case "rotary" -> {
                double turned = terms.get(2)[0] * terms.get(3)[0];
                return displayed[1].equals("-") ? x * terms.get(1)[0] - turned : x * terms.get(1)[0] + turned;
            }
            case "pair" -> {
                double y = terms.get(1)[0];
                assertTrue(displayed[1].equals("+") || displayed[1].equals("\u00B7"), displayed[1]);
                return displayed[1].equals("+") ? x + y : x * y;
            }
            case "element" -> {
                return ofFunction(name, x);
            }
            default -> throw new AssertionError(displayed[0]);
        }
    }

    /** A function of one number gives the same bits whatever stands beside it. */
    private static double ofFunction(String name, double number) {
        Tape tape = Tape.inference();
        Tensor x = Tensor.constant(Shape.of(1, 1), number);
        Tensor y = switch (name) {
            case "relu" -> tape.relu(x);
            case "silu" -> tape.silu(x);
            case "geluTanh" -> tape.geluTanh(x);
            case "softCap" -> tape.softCap(x, 15.0);
            default -> throw new AssertionError(name);
        };
        return y.data()[0];
    }
}
