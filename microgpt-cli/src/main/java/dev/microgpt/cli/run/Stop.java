package dev.microgpt.cli.run;

import dev.microgpt.cli.jvm.Interruption;

/**
 * A request to stop a run, and how to resume the run afterwards.
 *
 * @param interruption   notices the signal that stops the run
 * @param resumeCommand  the command line that resumes the run
 * @param trainOnCommand the same without a number of steps and patience, to train on after the end of the run
 */
public record Stop(Interruption interruption, String resumeCommand, String trainOnCommand) {
    boolean requested() {
        return interruption.requested();
    }
}
