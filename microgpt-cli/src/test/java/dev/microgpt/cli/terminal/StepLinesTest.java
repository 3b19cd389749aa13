package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLinesTest {
    private final FakeTerminal shown = new FakeTerminal(40);
    private final Terminal terminal = new Terminal(shown, shown);

    private static TrainingStep step(int number, double loss) {
        return new TrainingStep(number, loss, 1e-3, 1, 7, 1);
    }

    @Test
    void aFileGetsALineForEachStep() {
        StepLines lines = new StepLines(terminal, 1000, false);
        lines.onStep(step(1, 3.40048));
        lines.onStep(step(2, 3.2136));
        assertEquals("step    1 / 1000 | loss 3.4005\nstep    2 / 1000 | loss 3.2136\n", shown.received());
    }

    /** As microgpt.py does with a carriage return. */
    @Test
    void onATerminalEachStepReplacesTheFormerOne() {
        StepLines lines = new StepLines(terminal, 1000, true);
        terminal.print("num params: 4192");
        lines.onStep(step(1, 13.40048));
        lines.onStep(step(2, 3.2136));
        assertEquals(List.of("num params: 4192", "step    2 / 1000 | loss 3.2136"), shown.rows());
        lines.onEvaluation(new Evaluation(2, 1.88124, 1000, 2000, true));
        terminal.complain("microgpt: warning");
        lines.onStep(step(3, 3.1867));
        terminal.print("");
        terminal.print("--- inference ---");
        assertEquals(
                List.of(
                        "num params: 4192",
                        "step    2 / 1000 | loss 3.2136",
                        "step 2 | validation loss 1.8812 | perple",
                        "xity 6.56 | 2.71 bits per token | best",
                        "microgpt: warning",
                        "step    3 / 1000 | loss 3.1867",
                        "",
                        "--- inference ---",
                        ""),
                shown.rows());
    }

    @Test
    void theLineOfTheLastStepIsEnded() {
        StepLines lines = new StepLines(terminal, 1000, true);
        lines.onStep(step(1000, 2.5));
        terminal.endLine();
        terminal.endLine();
        assertEquals(List.of("step 1000 / 1000 | loss 2.5000", ""), shown.rows());
    }

    @Test
    void aNarrowTerminalCutsTheLineInsteadOfWrappingIt() {
        FakeTerminal narrow = new FakeTerminal(20);
        StepLines lines = new StepLines(new Terminal(narrow, narrow), 1000, true);
        lines.onStep(step(1, 3.4005));
        lines.onStep(step(2, 3.2136));
        assertEquals(1, narrow.rows().size(), narrow.toString());
    }
}
