package dev.microgpt.cli;

import dev.microgpt.cli.terminal.ProgressLine;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.cli.terminal.TerminalColumns;
import dev.microgpt.cli.terminal.TerminalDevice;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingStep;
import java.nio.file.Path;

/** A program that shows the progress of three training steps and the width of the terminal on its own streams. */
final class ShortTraining {
    private ShortTraining() {}

    public static void main(String[] args) {
        Terminal terminal = new Terminal();
        LossHistory losses = new LossHistory();
        Path device = TerminalDevice.find();
        terminal.print("columns: " + (device == null ? "none" : TerminalColumns.ask(device)));
        try (ProgressLine line = new ProgressLine(terminal, losses, new ProgressLine.Course(3, 1, 250, 0))) {
            for (int step = 1; step <= 3; step++) {
                TrainingStep done = new TrainingStep(step, 2.5, 1e-3, 1, 512, 100_000_000);
                losses.onStep(done);
                line.onStep(done);
                terminal.print("result of " + step);
            }
            line.onEvaluation(new Evaluation(3, 1.88124, 1000, 2000, true));
        }
    }
}
