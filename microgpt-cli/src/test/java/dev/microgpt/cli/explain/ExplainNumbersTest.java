package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
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
              return [kind, symbol ?? sign ?? denominator ?? '', (element.querySelector('output') ?? element).textContent,
                ...[...element.querySelectorAll('.term')].map(term =>
                  [term.dataset.kind, ...[...term.querySelectorAll('td')].map(cell => cell.textContent)].join(' '))
              ].join('\\n');
            })()
            """;

    private static final String NAMES =
            "[...document.querySelectorAll('.term')].map(term => term.dataset.name).join('\\n')";

    private static final int WEIGHTS_OF_EACH = 5;

    @TempDir
    Path folder;

    @Test
    void resultsAndTermsAreTheLibrarysBits(TestReporter reporter) throws IOException, InterruptedException {
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
                    if (displayed[0].equals("attention")) { // nothing that the mask hides, though it would add 0
                        assertTrue(displayed.length - 4 <= row + 1, message);
                    }
                    recombined.merge(displayed[0], 1, Integer::sum);
                }
                page.checkIsQuiet();
            }
        }
        assertEquals(
                List.of("attention", "dot", "element", "gather", "layerNorm", "pair", "rotary", "same", "scaled"),
                new ArrayList<>(recombined.keySet()),
                "every kind is among them, and none is left apart");
        int count = recombined.values().stream().mapToInt(Integer::intValue).sum();
        publish(
                reporter,
                count + " numbers of operations of " + recombined.size() + " kinds in " + ExplainedModel.ALL.size()
                        + " models displayed bit for bit, and given again by their displayed terms");
    }

    /** The checkpoint of the step has what the step has made of each weight; that before it, what it began with. */
    @Test
    void aStepIsThatOfTheRunsCheckpoints(TestReporter reporter) throws IOException, InterruptedException {
        Path data = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Path run = folder.resolve("run");
        SmallTraining.run(data, run, "--checkpoint-interval", "1", "--keep", "6");
        Checkpoint before = Checkpoint.load(run.resolve("checkpoint-00000003.safetensors"));
        Checkpoint after = Checkpoint.load(run.resolve("checkpoint-00000004.safetensors"));
        Path file = ExplainedModel.stepPage(run, data, folder.resolve("step.html"));
        Random random = new Random(42);
        try (ExplainBrowser page = new ExplainBrowser(folder)) {
            page.browser.open(file);
            int index = 0;
            int compared = 0;
            for (Parameter parameter : after.model().parameters().all()) {
                double[] m = after.optimizer().state().get("m").get(index);
                double[] v = after.optimizer().state().get("v").get(index);
                double[] old = before.model().parameters().get(parameter.name()).data();
                for (int i = 0; i < WEIGHTS_OF_EACH; i++) {
                    int at = random.nextInt(m.length);
                    int columns = parameter.shape().columns();
                    String address = "training/weights/" + parameter.name() + "/" + at / columns + "," + at % columns;
                    Map<String, Double> shown = byName(page.read(DISPLAYED, address), page.read(NAMES, address));
                    assertSame(old[at], shown.get("weight before"), address);
                    assertSame(parameter.data()[at], shown.get("weight after"), address);
                    assertSame(m[at], shown.get("m"), address);
                    assertSame(v[at], shown.get("v"), address);
                    assertEquals(shown.get("gradient"), shown.get("central difference"), 1e-6, address);
                    compared++;
                }
                index++;
            }
            int last = Integer.parseInt(
                    page.read("document.querySelector('details.list a').hash.split('/').pop()", "training"));
            String[] loss =
                    page.read(DISPLAYED, "training/operations/" + last + "/0,0").split("\n");
            assertEquals("crossEntropy", loss[0]);
            assertSame(Double.parseDouble(loss[2]), combined("crossEntropy", loss), String.join("; ", loss));
            publish(
                    reporter,
                    compared + " weights, each with Adam's state, displayed bit for bit as in the checkpoints");
            page.checkIsQuiet();
        }
    }

    private static void publish(TestReporter reporter, String figure) {
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static Map<String, Double> byName(String displayed, String names) {
        String[] lines = displayed.split("\n");
        String[] each = names.split("\n");
        Map<String, Double> numbers = new TreeMap<>();
        for (int i = 0; i < each.length; i++) {
            numbers.put(each[i], Double.parseDouble(lines[3 + i].substring("number ".length())));
        }
        return numbers;
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
            case "crossEntropy" -> {
                double sum = 0;
                for (double[] term : terms) {
                    sum += term[0];
                }
                return sum / Double.parseDouble(displayed[1]);
            }
            case "scaled" -> {
                return x * terms.get(1)[0] * (terms.size() < 3 ? 1 : terms.get(2)[0]);
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
