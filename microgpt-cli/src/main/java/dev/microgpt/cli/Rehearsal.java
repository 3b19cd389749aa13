package dev.microgpt.cli;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;

/**
 * Runs the usual commands once, while the JVM records for its archive of classes what they load. The launch script
 * starts it, with standard output and error closed.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Trains, samples and prints, and ends the process with the exit code of the first command that fails, or 0.
     *
     * @param args the folder that receives the trained model; it must not exist
     */
    public static void main(String[] args) {
        String model = args[0];
        String[][] commands = {
            {"train", "--out", model}, {"sample", model}, {"info", model}, {"train", "--help"}, {"--help"}
        };
        int exitCode = ExitCode.DONE;
        for (int i = 0; i < commands.length && exitCode == ExitCode.DONE; i++) {
            exitCode = Main.run(new Terminal(), commands[i]);
        }
        System.exit(exitCode);
    }
}
