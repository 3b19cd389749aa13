package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The gradient of every operation against differences, at every size where a kernel may take another path. */
class OpGradientTest {
    static final List<OpCases.Form> FORMS = OpCases.FORMS;

    @ParameterizedTest
    @FieldSource("FORMS")
    void gradientIsRightAtEveryEdge(OpCases.Form form, TestReporter reporter) {
        assertEquals(17, sweep(form, Sizes.everyEdgeOnce(FORMS.indexOf(form) + 16), reporter));
    }

    @Tag("slow")
    @ParameterizedTest
    @FieldSource("FORMS")
    void gradientIsRightForEveryPairOfEdges(OpCases.Form form, TestReporter reporter) {
        assertEquals(17 * 17, sweep(form, Sizes.everyPairOfEdges(), reporter));
    }

    private static int sweep(OpCases.Form form, List<Sizes> sizes, TestReporter reporter) {
        int cases = 0;
        int elements = 0;
        double worst = 0;
        String worstCase = "none";
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
        reporter.publishEntry(
                form.op().getSimpleName(),
                cases + " cases, " + elements + " elements held, worst error " + worst + " at " + worstCase);
        return cases;
    }
}
