package dev.microgpt.cli.run;

import dev.microgpt.cli.jvm.Interruption;

/**
 * How a training may be broken off.
 *
 * @param interruption asks for it
 * @param goOn         the command by which the run goes on then
 */
public record Stop(Interruption interruption, String goOn) {
    boolean requested() {
        return interruption.requested();
    }
}
