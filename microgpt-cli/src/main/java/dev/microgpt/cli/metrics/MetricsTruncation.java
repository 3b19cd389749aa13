package dev.microgpt.cli.metrics;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cuts off the lines of a metrics file that a resumed run writes again. */
final class MetricsTruncation {
    private static final String BEGINNING = "{\"step\":";

    /** The text after the step number in the line of a training step, and in no other line. */
    private static final String OF_STEP = ",\"loss\":";

    private final int step;
    private int lastStep;

    private MetricsTruncation(int step) {
        this.step = step;
    }

    /**
     * Truncates a file after the line of a step. The evaluation after this step is cut off too, since it is repeated,
     * and so is everything from the first line on that is not metrics or has no end because of a crash.
     *
     * @return the last step left in the file, 0 if there is none
     */
    static int after(int step, Path file) throws IOException {
        MetricsTruncation truncation = new MetricsTruncation(step);
        long kept;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            kept = truncation.bytesKept(in);
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(kept);
        }
        return truncation.lastStep;
    }

    private long bytesKept(InputStream in) throws IOException {
        long position = 0;
        long kept = 0;
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
            kept = position;
            start.setLength(0);
        }
        return kept;
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
