package dev.microgpt.cli.metrics;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cuts off metrics what a run says anew that goes on from an earlier step. */
final class MetricsCut {
    private static final String BEGINNING = "{\"step\":";

    /** What comes after the number in the line of a step, and in no other. */
    private static final String OF_STEP = ",\"loss\":";

    private final int step;
    private int lastStep;

    private MetricsCut(int step) {
        this.step = step;
    }

    /**
     * Cuts a file behind the line of a step. What was measured after this step goes too, for it is measured again; so does
     * everything from a line on that is no metrics, or that a crash left without its end.
     *
     * @return the last step that has a line, 0 if none has
     */
    static int behind(int step, Path file) throws IOException {
        MetricsCut cut = new MetricsCut(step);
        long kept;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            kept = cut.bytesKept(in);
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(kept);
        }
        return cut.lastStep;
    }

    private long bytesKept(InputStream in) throws IOException {
        long position = 0;
        long kept = 0;
        StringBuilder start = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            position++;
            if (next != '\n') {
                if (start.length() < BEGINNING.length() + 10 + OF_STEP.length()) { // digits of the largest int
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
