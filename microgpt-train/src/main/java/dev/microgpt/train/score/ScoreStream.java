package dev.microgpt.train.score;

import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The scoring of one text: a thread reads lines, workers score those that wait, and the caller's thread hands them on
 * in order. It never waits for a line while it has a score to hand on. The lines between are limited by their length.
 */
final class ScoreStream {
    /** The most characters that are read ahead, a longer line apart. */
    private static final int READ_AHEAD = 1 << 20;

    /** What a line costs beside its characters, in characters. */
    private static final int LINE = 64;

    private static final Line END = new Line(0, "");

    private final LineScorer scorer;
    private final int batch; // characters that are scored together
    private final BlockingQueue<Line> waiting = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(READ_AHEAD);

    ScoreStream(LineScorer scorer, int batch) {
        this.scorer = scorer;
        this.batch = batch;
    }

    private record Line(long number, String text) {
        int cost() {
            return Math.min(READ_AHEAD, LINE + text.length());
        }
    }

    TextRepairs score(TextSource text, RecordFormat format, int threads, ScoreListener listener) throws IOException {
        FutureTask<TextRepairs> reading = new FutureTask<>(() -> read(text, format));
        Thread reader = daemon(reading);
        ExecutorService workers = Executors.newFixedThreadPool(threads, ScoreStream::daemon);
        try {
            reader.start();
            handOn(workers, 2 * threads, listener);
            return result(reading);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the scoring of " + text.name() + " was interrupted");
        } finally {
            reader.interrupt(); // a read of standard input cannot be interrupted
            workers.shutdownNow();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "microgpt-score");
        thread.setDaemon(true);
        return thread;
    }

    private TextRepairs read(TextSource text, RecordFormat format) throws IOException, InterruptedException {
        try (TextPieces records = format.records(text)) {
            long count = 0;
            for (String record = records.next(); record != null; record = records.next()) {
                count++;
                TextRepairs repairs = records.repairs();
                Line line = new Line(count + repairs.blankLines() + repairs.blankRecords(), record);
                room.acquire(line.cost());
                waiting.add(line);
            }
            return records.repairs();
        } finally {
            waiting.add(END);
        }
    }

    private void handOn(ExecutorService workers, int most, ScoreListener listener)
            throws IOException, InterruptedException {
        Deque<Future<List<ScoredLine>>> begun = new ArrayDeque<>();
        boolean isAtEnd = false;
        while (!isAtEnd || !begun.isEmpty()) {
            Line first = isAtEnd || begun.size() == most ? null : begun.isEmpty() ? waiting.take() : waiting.poll();
            if (first == null) {
                List<ScoredLine> scored = result(begun.remove());
                listener.onScores(scored);
                continue;
            }
            List<Line> lines = new ArrayList<>();
            Line next = first;
            for (int characters = 0; next != null && next != END; next = characters < batch ? waiting.poll() : null) {
                lines.add(next);
                characters += next.text.length() + 1;
            }
            isAtEnd = next == END;
            if (!lines.isEmpty()) {
                begun.add(workers.submit(scoring(lines)));
            }
        }
    }

    private Callable<List<ScoredLine>> scoring(List<Line> lines) {
        return () -> {
            List<String> texts = new ArrayList<>();
            for (Line line : lines) {
                texts.add(line.text);
            }
            List<LineScore> scores = scorer.score(texts);
            List<ScoredLine> scored = new ArrayList<>();
            int cost = 0;
            for (int i = 0; i < scores.size(); i++) {
                Line line = lines.get(i);
                scored.add(new ScoredLine(line.number, line.text, scores.get(i)));
                cost += line.cost();
            }
            room.release(cost);
            return scored;
        };
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException unreadable) {
                throw unreadable;
            }
            if (cause instanceof Error fatal) {
                throw fatal;
            }
            throw cause instanceof RuntimeException wrong ? wrong : new IllegalStateException(cause);
        }
    }
}
