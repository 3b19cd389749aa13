package dev.microgpt.spark;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.GradientWorkers;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.sweep.Comparison;
import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.Sweep;
import dev.microgpt.train.sweep.SweptRun;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The commands of {@link MicroGptSpark}. */
final class Jobs {
    private static final int INTERRUPTED = 130;

    private static final String USAGE = """
            usage: spark-submit --jars microgpt.jar microgpt-spark.jar COMMAND OPTIONS

            prepare --data PATH --out DIR [--partitions N] [--val-fraction X] [--tokenizer char|byte|FILE] [--overwrite]
                encode a text file or a folder of *.txt into token files, as microgpt data prepare does
            score --checkpoint FILE --data PATH --column NAME --out PATH
                add scores to Parquet, JSON Lines or CSV with a header, and write Parquet
            train --out DIR OPTIONS
                train as microgpt train does; each of the --gradient-accumulation-steps of a step is a task
            sweep --file FILE --out DIR
                train the runs of a sweep, one a task, and compare them

            Files and folders are on paths that all machines share.
            """;

    private final PrintStream out;

    private Jobs(PrintStream out) {
        this.out = out;
    }

    /** Runs a command and returns the exit code. */
    static int run(List<String> args, PrintStream out, PrintStream err) {
        try {
            if (args.isEmpty() || args.get(0).equals("--help")) {
                out.print(USAGE);
                return args.isEmpty() ? 2 : 0;
            }
            new Jobs(out).run(args.get(0), options(args.subList(1, args.size())));
            return 0;
        } catch (UsageException wrong) {
            err.println("microgpt-spark: " + wrong.getMessage() + "; --help shows the commands");
            return 2;
        } catch (NoSuchFileException missing) {
            err.println("microgpt-spark: " + missing.getFile() + " does not exist, or is not on this machine");
            return 1;
        } catch (IOException | SparkJobException | IllegalArgumentException | UncheckedIOException failure) {
            err.println("microgpt-spark: " + failure.getMessage());
            return 1;
        }
    }

    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** Returns names and values of {@code --name value}, {@code --name=value}, {@code --flag} and {@code --no-flag}. */
    static Map<String, String> options(List<String> args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("--") || arg.length() < 3) {
                throw new UsageException("found \"" + arg + "\" where an option must be, such as --out");
            }
            int equals = arg.indexOf('=');
            String name = arg.substring(2, equals < 0 ? arg.length() : equals);
            String value = equals < 0 ? "true" : arg.substring(equals + 1);
            if (equals < 0 && i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                value = args.get(++i);
            } else if (equals < 0 && name.startsWith("no-")) {
                name = name.substring(3);
                value = "false";
            }
            if (options.put(name, value) != null) {
                throw new UsageException("--" + name + " is given twice");
            }
        }
        return options;
    }

    private void run(String command, Map<String, String> options) throws IOException {
        Build here = Build.here();
        switch (command) {
            case "prepare" -> {
                allow(command, options, "data", "out", "partitions", "val-fraction", "tokenizer", "overwrite");
                withSpark(here, spark -> prepare(new JavaSparkContext(spark.sparkContext()), options));
            }
            case "score" -> {
                allow(command, options, "checkpoint", "data", "column", "out");
                withSpark(here, spark -> score(spark, options));
            }
            case "train" -> {
                needed(options, "out");
                withSpark(here, spark -> train(new JavaSparkContext(spark.sparkContext()), options));
            }
            case "sweep" -> {
                allow(command, options, "file", "out");
                withSpark(here, spark -> sweep(new JavaSparkContext(spark.sparkContext()), options));
            }
            default ->
                throw new UsageException("the command \"" + command + "\" must be one of prepare, score, train, sweep");
        }
    }

    private static void allow(String command, Map<String, String> options, String... names) {
        for (String name : options.keySet()) {
            if (!Set.of(names).contains(name)) {
                throw new UsageException(
                        command + " has no option --" + name + ", but --" + String.join(", --", names));
            }
        }
    }

    private static String needed(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null || value.equals("true")) {
            throw new UsageException("--" + name + " must be given, with a value");
        }
        return value;
    }

    /** A command on a cluster. */
    private interface Job {
        void run(SparkSession spark) throws IOException;
    }

    private void withSpark(Build here, Job job) throws IOException {
        SparkSession spark = SparkSession.builder()
                .appName("microgpt")
                .config("spark.driver.maxResultSize", "0") // the gradients of a step come together
                .getOrCreate();
        try {
            out.println(here.kernels() + " kernels, Spark " + spark.version() + ", "
                    + spark.sparkContext().master());
            Failure.explained(() -> {
                job.run(spark);
                return true;
            });
        } finally {
            spark.stop();
        }
    }

    private void prepare(JavaSparkContext spark, Map<String, String> options) throws IOException {
        Path folder = Path.of(needed(options, "out"));
        TextSource text = TextSource.of(Path.of(needed(options, "data")).toAbsolutePath());
        int partitions = options.containsKey("partitions")
                ? whole(options, "partitions")
                : Math.max(1, spark.defaultParallelism());
        PreparedCorpus corpus = SparkCorpus.prepare(
                spark,
                text,
                partitions,
                folder,
                fraction(options),
                options.getOrDefault("overwrite", "false").equals("true"),
                tokenizer(options.getOrDefault("tokenizer", "char")));
        Tokens validation = corpus.validation();
        out.println("wrote " + folder);
        out.println("vocab size: " + corpus.tokenizer().vocabSize());
        out.println("training tokens: " + corpus.training().count());
        out.println("validation tokens: " + (validation == null ? 0 : validation.count()));
    }

    private static int whole(Map<String, String> options, String name) {
        String value = needed(options, name);
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException other) {
            // refused below
        }
        throw new UsageException("--" + name + " is " + value + ", but must be a whole number of at least 1");
    }

    private static double fraction(Map<String, String> options) {
        String value = options.getOrDefault("val-fraction", "0.1");
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException other) {
            throw new UsageException("--val-fraction is " + value + ", but must be a number, at least 0 and below 1");
        }
    }

    private static @Nullable Tokenizer tokenizer(String name) throws IOException {
        return switch (name) {
            case "char" -> null;
            case "byte" -> new ByteTokenizer();
            default -> TokenizerFile.read(Path.of(name));
        };
    }

    private void score(SparkSession spark, Map<String, String> options) throws IOException {
        String target = needed(options, "out");
        String column = needed(options, "column");
        TrainedModel model = TrainedModel.load(Path.of(needed(options, "checkpoint")));
        Dataset<Row> rows = read(spark, needed(options, "data"));
        try (SparkScorer scorer = new SparkScorer(new JavaSparkContext(spark.sparkContext()), model)) {
            scorer.score(rows, column).write().parquet(target);
        }
        out.println("wrote " + target);
    }

    private static Dataset<Row> read(SparkSession spark, String path) {
        if (path.endsWith(".csv") || path.endsWith(".csv.gz")) {
            return spark.read().option("header", true).option("multiLine", true).csv(path);
        }
        return path.endsWith(".json") || path.endsWith(".jsonl")
                ? spark.read().json(path)
                : spark.read().parquet(path);
    }

    private void train(JavaSparkContext spark, Map<String, String> options) throws IOException {
        Path folder = Path.of(needed(options, "out")).toAbsolutePath();
        Map<String, String> settings = new LinkedHashMap<>(options);
        settings.remove("out");
        if (settings.getOrDefault("separate-gradients", "true").equals("false")) {
            throw new UsageException("--no-separate-gradients cannot be: a cluster computes separate gradients");
        }
        settings.put("separate-gradients", "true");
        RunTrainer trainer = RunTrainer.find();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            trainer.check(setting.getKey(), setting.getValue());
        }
        trainer.check(settings, 1);
        Path name = folder.getFileName();
        Path parent = folder.getParent();
        if (name == null || parent == null) {
            throw new UsageException("--out " + folder + " must be a folder in another one");
        }
        try (SparkGradients gradients = new SparkGradients(spark)) {
            RunEnd end = new SweptRun(name.toString(), settings)
                    .train(new Delegating(trainer, gradients), parent, stopRequest());
            out.println(folder + ": " + end.state() + (end.message().isEmpty() ? "" : ": " + end.message()));
            if (end.state() == RunEnd.State.STOPPED) {
                out.println("the same command continues the run");
            }
            if (end.exitCode() != 0) {
                throw new SparkJobException("the run has not ended well: " + end.message() + "; what it printed is in "
                        + folder.resolve("log.txt"));
            }
        }
    }

    /** Trains with the gradients of others. */
    private record Delegating(RunTrainer trainer, GradientWorkers gradients) implements RunTrainer {
        @Override
        public void check(String name, String value) {
            trainer.check(name, value);
        }

        @Override
        public void check(Map<String, String> settings, int jobs) throws IOException {
            trainer.check(settings, jobs);
        }

        @Override
        public Map<String, String> describe(Map<String, String> settings) throws IOException {
            return trainer.describe(settings);
        }

        @Override
        public RunEnd train(
                Map<String, String> settings, Path folder, BooleanSupplier stop, @Nullable GradientWorkers ignored) {
            return trainer.train(settings, folder, stop, gradients);
        }
    }

    /** Returns whether there was a Ctrl-C or SIGTERM; a second one ends the JVM at once. */
    private BooleanSupplier stopRequest() {
        AtomicBoolean requested = new AtomicBoolean();
        Runnable handler = () -> {
            if (requested.getAndSet(true)) {
                Runtime.getRuntime().halt(INTERRUPTED);
            }
            out.println("stopping after this step to save it");
        };
        onSignal("INT", handler);
        onSignal("TERM", handler);
        return requested::get;
    }

    /** By reflection, since the compiler warns of the class; a shutdown hook would run beside the one of Spark. */
    private static void onSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(
                    ClassLoader.getSystemClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Object which = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, which, calling);
        } catch (ReflectiveOperationException none) {
            // the run continues from its last periodic checkpoint
        }
    }

    private void sweep(JavaSparkContext spark, Map<String, String> options) throws IOException {
        Path folder = Path.of(needed(options, "out")).toAbsolutePath();
        Sweep sweep = Sweep.read(Path.of(needed(options, "file")));
        List<RunEnd> ends = SparkSweep.train(spark, sweep, folder);
        List<Path> folders = sweep.begun(folder);
        if (!folders.isEmpty()) {
            out.print(Comparison.of(folders).text());
        }
        for (int i = 0; i < ends.size(); i++) {
            if (!ends.get(i).isFinal() || ends.get(i).exitCode() != 0) {
                throw new SparkJobException("the run " + sweep.runs().get(i).name() + " has not ended well: "
                        + ends.get(i).state() + " " + ends.get(i).message()
                        + "; the same command trains again what failed, but not what diverged");
            }
        }
    }
}
