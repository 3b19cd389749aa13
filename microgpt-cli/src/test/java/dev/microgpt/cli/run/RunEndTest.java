package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        steps(count, -2);
    }

    /** Steps whose loss begins with 4 and changes by some amount. */
    private void steps(int count, double change) {
        for (int i = 1; i <= count; i++) {
            losses.onStep(new TrainingStep(i, 4 + change * i / count, 1e-3, 1, 7, 1));
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
        end("out").print(1000, 1000, false, "", false);
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
        end.print(500, 500, false, "4.0 #_ 2.0", true);
        assertEquals(
                List.of(
                        "microgpt: trained 500 steps; the model is my run/checkpoint.safetensors, the best one my"
                                + " run/best.safetensors",
                        "the report is my run/report.html; open it in a browser",
                        "training loss 2.0760 (mean of recent steps), lowest 2.0760 at step 500",
                        "4.0 #_ 2.0",
                        "validation loss 2.6000 at step 500, best 2.2000 at step 300",
                        "verdict: overfitting since step 300; use my run/best.safetensors, and next time more data, a"
                                + " smaller model, --dropout 0.2 or --patience 3",
                        "next:",
                        "    microgpt sample --checkpoint 'my run/best.safetensors'"),
                said());
    }

    @ParameterizedTest
    @CsvSource({"0, flat since step 1; a larger model, ", "2, rising since step 20; lower --learning-rate, "})
    void aRunWhoseLossNoLongerFallsIsSampledAndNotExtended(double change, String verdict) {
        steps(1000, change);
        end("out").print(1000, 1000, false, "", false);
        assertEquals(List.of("next:", "    microgpt sample"), said().subList(3, said().size()));
        assertTrue(said().get(2).startsWith("verdict: " + verdict), said().get(2));
    }

    @Test
    void anOverfittingRunThatItsPatienceEndedIsNotToldToHavePatienceNorToTrainOn() {
        steps(500);
        RunEnd end = end("out");
        evaluate(end, 100, 2.2, true);
        evaluate(end, 300, 2.5, false);
        evaluate(end, 500, 2.6, false);
        end.print(500, 900, true, "", false);
        assertEquals(
                List.of(
                        "verdict: overfitting since step 100; use out/best.safetensors, and next time more data, a"
                                + " smaller model or --dropout 0.2",
                        "next:",
                        "    microgpt sample --checkpoint out/best.safetensors"),
                said().subList(3, said().size()));
    }

    @Test
    void aCommandStandsAloneInItsLineAndItsReasonAbove() {
        steps(500);
        end("out").print(500, 900, true, "", false);
        assertEquals(
                List.of("    microgpt sample", "to train on without --patience:", "    microgpt train --resume"),
                said().subList(4, said().size()));
    }

    @Test
    void oneStepIsSingular() {
        steps(1);
        end("out").print(1, 1, false, "", false);
        assertEquals("microgpt: trained 1 step; the model is out/checkpoint.safetensors", said().get(0));
    }

    @Test
    void withoutAStepThereIsNoLoss() {
        end("out").printLosses("");
        assertEquals(List.of(), said());
    }
}
