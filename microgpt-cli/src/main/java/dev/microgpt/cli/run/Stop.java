package dev.microgpt.cli.run;

import dev.microgpt.cli.jvm.Interruption;

/**
 * A request to stop a run, and how to resume the run afterwards.
 *
 * @param interruption  notices the signal that stops the run
 * @param resumeCommand the command line that resumes the run
 */
public record Stop(Interruption interruption, String resumeCommand) {
    boolean requested() {
        return interruption.requested();
    }
}
