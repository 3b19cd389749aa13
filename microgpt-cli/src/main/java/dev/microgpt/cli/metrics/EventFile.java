package dev.microgpt.cli.metrics;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.SystemReason;
import dev.microgpt.train.internal.disk.UnusableFileException;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.internal.metrics.StepLine;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metrics of a training run as an event file of TensorBoard: a record for the version, then one for each
 * step and each evaluation, with a scalar in double precision for each number.
 *
 * <p>A record is the length of its content in 8 bytes, a checksum of these, the content, and a checksum of it. The
 * content is an {@code Event} in the format of Protocol Buffers: the time in field 1, the step in field 2, the version
 * in field 3 or the scalars in field 5.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">Format of records</a>
 */
public final class EventFile implements TrainingListener, Closeable {
    /** The content that every file begins with, after the time. */
    private static final byte[] VERSION = field(3, ascii("brain.Event:2"));

    // wire types of Protocol Buffers: 0 varint, 1 eight bytes, 2 length and bytes
    private static final int TIME = 1 << 3 | 1;
    private static final int STEP = 2 << 3;
    private static final int DOUBLE = 2; // of the types of tensors

    private static final int HEADER = Long.BYTES + Integer.BYTES;
    private static final int MOST_BYTES = 1 << 16;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final String OF_EVALUATION = "validation/";

    private final Path path;
    private final DoubleSupplier clock;
    private final OutputStream out;
    private int lastStep;
    private int lastEvaluation = -1;

    /**
     * Opens the file. Records of later steps are cut off, and so is anything from the first on that is damaged.
     *
     * @param step the step after which the run resumes, whose evaluation is repeated; 0 begins the file anew
     * @throws UnusableFileException if it exists and is no event file
     */
    public EventFile(Path path, int step) throws IOException {
        this(path, step, () -> System.currentTimeMillis() / MILLIS_PER_SECOND);
    }

    /** Opens the file with a clock, which returns seconds since 1970. */
    EventFile(Path path, int step, DoubleSupplier clock) throws IOException {
        this.path = path;
        this.clock = clock;
        checkReplaceable(path);
        long kept = step > 0 && Files.exists(path) ? kept(step) : 0;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.truncate(kept);
        }
        out = Files.newOutputStream(path, StandardOpenOption.APPEND);
        if (kept == 0) {
            write(VERSION);
        }
    }

    /**
     * Refuses to replace a file that is no event file.
     *
     * @throws UnusableFileException if it exists and is something else
     */
    public static void checkReplaceable(Path path) throws IOException {
        if (!Files.exists(path) || Files.isRegularFile(path) && Files.size(path) == 0) {
            return;
        }
        try (InputStream in = OrdinaryFile.open(path)) {
            byte[] first = record(in);
            if (first != null && first.length == 1 + Double.BYTES + VERSION.length) {
                return;
            }
        }
        throw new UnusableFileException(
                path, "it already exists and is not an event file of TensorBoard; move it, or choose another folder");
    }

    /** Returns the bytes of the records to keep. */
    private long kept(int step) throws IOException {
        long bytes = 0;
        try (InputStream in = new BufferedInputStream(OrdinaryFile.open(path))) {
            for (byte[] event = record(in); event != null; event = record(in)) {
                ByteBuffer content = ByteBuffer.wrap(event).position(1 + Double.BYTES);
                if (bytes > 0) {
                    boolean ofEvaluation = new String(event, StandardCharsets.ISO_8859_1).contains(OF_EVALUATION);
                    int number = content.get() == STEP ? (int) varint(content) : Integer.MAX_VALUE;
                    if (number > step || number == step && ofEvaluation) {
                        break;
                    }
                    if (ofEvaluation) {
                        lastEvaluation = number;
                    } else {
                        lastStep = number;
                    }
                }
                bytes += HEADER + event.length + Integer.BYTES;
            }
        }
        return bytes;
    }

    /** Reads the content of a record; null at the end of the file, or if it is damaged or not ours. */
    private static byte @Nullable [] record(InputStream in) throws IOException {
        ByteBuffer header = little(in.readNBytes(HEADER));
        if (header.limit() < HEADER || checksum(header.array(), Long.BYTES) != header.getInt(Long.BYTES)) {
            return null;
        }
        long size = header.getLong(0);
        if (size <= Double.BYTES + 1 || size > MOST_BYTES) {
            return null;
        }
        byte[] content = in.readNBytes((int) size);
        ByteBuffer end = little(in.readNBytes(Integer.BYTES));
        boolean whole = content.length == size && end.limit() == Integer.BYTES;
        return whole && end.getInt() == checksum(content, content.length) && content[0] == TIME ? content : null;
    }

    private static ByteBuffer little(byte... bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A masked CRC-32C: a checksum of data that contains checksums would otherwise be weak. */
    private static int checksum(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    /**
     * Adds what the file lacks of the steps before the run resumes, because they were done without it.
     *
     * @param metrics the metrics of the run
     * @param step    the step after which the run resumes, whose evaluation is repeated
     */
    public void fill(Path metrics, int step) throws IOException {
        History history = new MetricsReader(metrics).read();
        int next = 0;
        for (StepLine line : history.steps) {
            if (line.step() > lastStep && line.step() <= step) {
                next = evaluations(history, next, line.step());
                write(line);
            }
        }
        evaluations(history, next, step);
    }

    /** Adds the evaluations before a step, from one of them on; returns the next one. */
    private int evaluations(History history, int from, int step) {
        List<EvaluationLine> all = history.evaluations;
        int next = from;
        while (next < all.size() && all.get(next).step() < step) {
            write(all.get(next));
            next++;
        }
        return next;
    }

    @Override
    public void onStep(TrainingStep step) {
        // at least 1 ns: a clock that stood still must not make this infinite
        double speed = step.tokens() * NANOS_PER_SECOND / Math.max(1, step.nanos());
        write(new StepLine(step.number(), step.loss(), step.learningRate(), step.gradientNorm(), step.tokens(), speed));
    }

    private void write(StepLine step) {
        write(
                step.step(),
                scalar("train/loss", step.loss()),
                scalar("train/learning_rate", step.learningRate()),
                scalar("train/gradient_norm", step.gradientNorm()),
                scalar("train/tokens_per_second", step.tokensPerSecond()));
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        write(new EvaluationLine(
                evaluation.step(),
                evaluation.loss(),
                evaluation.perplexity(),
                evaluation.bitsPerToken(),
                evaluation.bitsPerByte(),
                evaluation.best()));
    }

    /** At its end, a run evaluates the best model again, which is of an earlier step: a curve only goes forward. */
    private void write(EvaluationLine evaluation) {
        if (evaluation.step() <= lastEvaluation) {
            return;
        }
        lastEvaluation = evaluation.step();
        write(
                evaluation.step(),
                scalar("validation/loss", evaluation.loss()),
                scalar("validation/perplexity", evaluation.perplexity()),
                scalar("validation/bits_per_token", evaluation.bitsPerToken()),
                scalar("validation/bits_per_byte", evaluation.bitsPerByte()));
    }

    /** A value of a summary: its tag (1), a tensor without dimensions (8), and which plugin shows it (9). */
    private static byte[] scalar(String tag, double value) {
        byte[] number = new byte[Double.BYTES];
        little(number).putDouble(value);
        byte[] tensor = joined(new byte[] {1 << 3, DOUBLE}, field(6, number));
        byte[] metadata = joined(field(1, field(1, ascii("scalars"))), new byte[] {4 << 3, 1}); // DATA_CLASS_SCALAR
        return field(1, joined(field(1, ascii(tag)), field(8, tensor), field(9, metadata)));
    }

    private void write(int step, byte[]... scalars) {
        ByteBuffer number = ByteBuffer.allocate(6).put((byte) STEP);
        putVarint(number, step);
        byte[] event = new byte[number.position()];
        number.flip().get(event);
        write(joined(event, field(5, joined(scalars))));
    }

    /** Writes a record at once, so that readers see whole ones. */
    private void write(byte[] event) {
        int size = 1 + Double.BYTES + event.length;
        ByteBuffer record = little(new byte[HEADER + size + Integer.BYTES]);
        record.putLong(size).putInt(checksum(record.array(), Long.BYTES));
        record.put((byte) TIME).putDouble(clock.getAsDouble()).put(event);
        byte[] content = new byte[size];
        record.get(HEADER, content);
        record.putInt(checksum(content, size));
        try {
            out.write(record.array());
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    SystemReason.after("--tensorboard " + path, SystemReason.of(failure, path)), failure);
        }
    }

    /** A field of bytes: its number and wire type, its length, and the bytes. */
    private static byte[] field(int number, byte... bytes) {
        ByteBuffer field = ByteBuffer.allocate(6 + bytes.length).put((byte) (number << 3 | 2));
        putVarint(field, bytes.length);
        byte[] whole = new byte[field.put(bytes).position()];
        field.flip().get(whole);
        return whole;
    }

    private static void putVarint(ByteBuffer to, int number) {
        int rest = number;
        while (rest >= 1 << 7) {
            to.put((byte) (rest | 1 << 7));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    private static long varint(ByteBuffer from) {
        long number = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = from.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        return number;
    }

    private static byte[] joined(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
