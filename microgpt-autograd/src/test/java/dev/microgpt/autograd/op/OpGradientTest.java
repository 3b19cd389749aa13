package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The gradient of every operation against differences, at every size where a kernel may take another path. */
class OpGradientTest {
    static final List<OpCases.Form> FORMS = OpCases.FORMS;

    private static int cases;
    private static long elements;
    private static double worst;
    private static String worstCase = "none";

    /**
     * The forms of attention, which take the most time, share the edges: each takes every third one. The forms of
     * a class of their own, which are many, and those of rotary positions, which compute sines and cosines at each
     * pass, get pairs of edges whose product is small.
     */
    @ParameterizedTest
    @FieldSource("FORMS")
    void gradientIsRightAtEveryEdge(OpCases.Form form) {
        int index = FORMS.indexOf(form);
        boolean small = form.op() == Rotary.class
                || Stream.of(ShapeCases.FORMS, LossCases.FORMS, ReduceCases.FORMS, ElementCases.FORMS)
                        .anyMatch(forms -> forms.contains(form));
        List<Sizes> sizes = Sizes.everyEdgeOnce(16 + (small ? index % 6 : index));
        assertEquals(17, sizes.size());
        if (form.op() == CausalAttention.class) {
            sizes = Sizes.everyThird(sizes, index);
        }
        sweep(form, sizes);
    }

    @Tag("slow")
    @ParameterizedTest
    @FieldSource("FORMS")
    void gradientIsRightForEveryPairOfEdges(OpCases.Form form) {
        List<Sizes> sizes = Sizes.everyPairOfEdges();
        assertEquals(17 * 17, sizes.size());
        sweep(form, sizes);
    }

    private static void sweep(OpCases.Form form, List<Sizes> sizes) {
        for (Sizes size : sizes) {
            OpCase one = form.at(size);
            double error = one.worstError();
            cases++;
            elements += one.inputs().stream().mapToInt(x -> x.shape().size()).sum();
            if (error > worst) {
                worst = error;
                worstCase = one.name();
            }
        }
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = String.format(
                Locale.ROOT,
                "%,d cases of %d forms of operations, %,d derivatives tried, all held; worst relative error %.1e (%s)",
                cases,
                FORMS.size(),
                elements,
                worst,
                worstCase);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }
}
