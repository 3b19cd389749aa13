package dev.microgpt.cli.metrics;

import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Finds the lines of a metrics file that a resumed run does not write again. */
final class MetricsTruncation {
    private static final String BEGINNING = "{\"step\":";

    /** The text after the step number in the line of a training step, and in no other line. */
    private static final String OF_STEP = ",\"loss\":";

    private final int step;
    private int lastStep;
    private long bytesKept;

    private MetricsTruncation(int step) {
        this.step = step;
    }

    /**
     * Reads a file up to the line of a step. The evaluation after this step is not kept, since it is repeated, and
     * neither is anything from the first line on that is not metrics or has no end because of a crash.
     */
    static MetricsTruncation after(int step, Path file) throws IOException {
        MetricsTruncation truncation = new MetricsTruncation(step);
        try (InputStream in = new BufferedInputStream(OrdinaryFile.open(file))) {
            truncation.read(in);
        }
        return truncation;
    }

    /** Returns the last step in the lines that are kept, 0 if there is none. */
    int lastStep() {
        return lastStep;
    }

    /** Returns the number of bytes of the lines that are kept, from the beginning of the file. */
    long bytesKept() {
        return bytesKept;
    }

    private void read(InputStream in) throws IOException {
        long position = 0;
        StringBuilder start = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            position++;
            if (next != '\n') {
                if (start.length() < BEGINNING.length() + 10 + OF_STEP.length()) { // the digits of the largest int
                    start.append((char) next);
                }
                continue;
            }
            if (!keeps(start.toString())) {
                break;
            }
            bytesKept = position;
            start.setLength(0);
        }
    }

    private boolean keeps(String line) {
        if (!line.startsWith(BEGINNING)) {
            return false;
        }
        int end = BEGINNING.length();
        long number = 0;
        while (end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
            number = 10 * number + line.charAt(end) - '0';
            end++;
        }
        boolean ofStep = line.startsWith(OF_STEP, end);
        if (number > step || number == step && !ofStep) {
            return false;
        }
        if (ofStep) {
            lastStep = (int) number;
        }
        return true;
    }
}
