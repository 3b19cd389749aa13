package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingStep;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunEndTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new ByteArrayOutputStream(), err);
    private final LossHistory losses = new LossHistory();

    private RunEnd end(String folder) {
        return new RunEnd(terminal, new RunFolder(Path.of(folder)), losses, "microgpt train --resume");
    }

    private List<String> said() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void steps(int count) {
        for (int i = 1; i <= count; i++) {
            losses.onStep(new TrainingStep(i, 4 - 2.0 * i / count, 1e-3, 1, 7, 1));
        }
    }

    private void evaluate(RunEnd end, int step, double loss, boolean best) {
        Evaluation evaluation = new Evaluation(step, loss, 100, 100, best);
        losses.onEvaluation(evaluation);
        end.onEvaluation(evaluation);
    }

    @Test
    void theDefaultRunNamesItsModelItsLossAndTwoCommands() {
        steps(1000);
        end("out").print(1000, 1000, "", false);
        assertEquals(
                List.of(
                        "microgpt: trained 1000 steps; the model is out/checkpoint.safetensors",
                        "training loss 2.0380 (mean of recent steps), lowest 2.0380 at step 1000",
                        "verdict: still falling; more steps will help",
                        "next:",
                        "    microgpt sample",
                        "    microgpt train --resume --steps 2000 --extend"),
                said());
    }

    @Test
    void anOverfittingRunIsSampledFromItsBestModelAndNotExtended() {
        steps(500);
        RunEnd end = end("my run");
        evaluate(end, 100, 2.5, true);
        evaluate(end, 300, 2.2, true);
        evaluate(end, 500, 2.6, false);
        end.print(500, 500, "4.0 #_ 2.0", true);
        assertEquals(
                List.of(
                        "microgpt: trained 500 steps; the model is my run/checkpoint.safetensors, the best one my"
                                + " run/best.safetensors",
                        "training loss 2.0760 (mean of recent steps), lowest 2.0760 at step 500",
                        "4.0 #_ 2.0",
                        "validation loss 2.6000 at step 500, best 2.2000 at step 300",
                        "verdict: overfitting since step 300; use my run/best.safetensors, and next time more data, a"
                                + " smaller model, --dropout 0.2 or --patience 3",
                        "next:",
                        "    microgpt sample --checkpoint 'my run/best.safetensors'",
                        "    open my run/report.html in a browser"),
                said());
    }

    @Test
    void withoutAStepThereIsNoLoss() {
        end("out").printLosses("");
        assertEquals(List.of(), said());
    }
}
