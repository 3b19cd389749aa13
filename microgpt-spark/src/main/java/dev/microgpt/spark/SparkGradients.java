package dev.microgpt.spark;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.GradientWorkers;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Computes the gradients of training steps on a cluster: each micro-batch is a task, whose result depends on the
 * weights and the micro-batch alone. The results are added in the order of the micro-batches, so the bits are those of
 * a {@link dev.microgpt.train.Trainer} with separate gradients in one JVM, also if a task runs again because its
 * executor died.
 *
 * <pre>{@code
 * TrainingConfig training = TrainingConfig.nano().withGradientAccumulationSteps(8).withSeparateGradients(true);
 * Trainer trainer = new Trainer(model, batches, adam, training);
 * try (SparkGradients gradients = new SparkGradients(spark)) {
 *     trainer.delegateTo(gradients);
 *     trainer.run(training.steps());
 * }
 * }</pre>
 *
 * <p>A step sends the weights to each executor, and the gradient of each micro-batch to the driver: 8 bytes a parameter
 * each. Confined to one thread at a time, and to one model.
 */
public final class SparkGradients implements GradientWorkers, AutoCloseable {
    private final JavaSparkContext spark;
    private @Nullable ShippedModel shipped;
    private long steps;

    /**
     * Uses a cluster.
     *
     * @param spark the context, which must outlive this object
     */
    public SparkGradients(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * {@inheritDoc}
     *
     * @throws SparkJobException if the executors cannot compute the gradients
     */
    @Override
    public double addGradients(LanguageModel model, List<Batch> microBatches, long denominator) {
        List<Parameter> parameters = model.parameters().all();
        double[][] weights = new double[parameters.size()][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = parameters.get(i).data();
        }
        List<Gradient> gradients;
        Broadcast<double[][]> present = spark.broadcast(weights);
        try {
            Task task = new Task(shipped(model), present, steps++, denominator);
            gradients = Failure.explained(() -> spark.parallelize(microBatches, microBatches.size())
                    .map(task)
                    .collect());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            present.destroy();
        }
        double loss = 0;
        for (Gradient gradient : gradients) { // in the order of the partitions, each a micro-batch
            loss += gradient.loss();
            for (int i = 0; i < weights.length; i++) {
                Kernels.active()
                        .axpy(1.0, gradient.numbers()[i], 0, parameters.get(i).grad(), 0, weights[i].length);
            }
        }
        return loss;
    }

    private ShippedModel shipped(LanguageModel model) {
        if (shipped == null) {
            try { // the tokenizer is not used, but a file of a model has one
                shipped =
                        ShippedModel.of(spark, new TrainedModel(model, CharTokenizer.ofAlphabet("a"), DataFormat.TEXT));
            } catch (IOException failure) {
                throw new UncheckedIOException("the model cannot be sent to the executors", failure);
            }
        }
        return shipped;
    }

    /** Frees the memory that the model takes on the cluster. */
    @Override
    public void close() {
        if (shipped != null) {
            shipped.destroy();
            shipped = null;
        }
    }

    /** The result of a task: the loss of a micro-batch and the gradient of each parameter. */
    private record Gradient(double loss, double[][] numbers) implements Serializable {}

    /** Computes the gradient of a micro-batch. */
    private static final class Task implements Function<Batch, Gradient> {
        private static final long serialVersionUID = 1;

        private final ShippedModel shipped;
        private final Broadcast<double[][]> weights;
        private final long step;
        private final long denominator;

        Task(ShippedModel shipped, Broadcast<double[][]> weights, long step, long denominator) {
            this.shipped = shipped;
            this.weights = weights;
            this.step = step;
            this.denominator = denominator;
        }

        @Override
        public Gradient call(Batch batch) {
            Replicas replicas = shipped.get(Replicas::new);
            Replica replica = replicas.take();
            Gradient gradient = replica.gradient(batch, step, weights, denominator);
            replicas.put(replica);
            return gradient;
        }
    }

    /** Copies of the model in an executor, of which each serves one task at a time. */
    private static final class Replicas {
        private final Queue<Replica> idle = new ConcurrentLinkedQueue<>();
        private final LanguageModel first;

        Replicas(TrainedModel loaded) {
            first = loaded.model();
            idle.add(new Replica(first));
        }

        Replica take() {
            Replica known = idle.poll();
            return known == null ? new Replica(copy()) : known;
        }

        private LanguageModel copy() {
            Map<String, Tensor> shapes = new HashMap<>(); // a task brings the weights
            for (Parameter parameter : first.parameters().all()) {
                double[] zeros = new double[parameter.shape().size()];
                shapes.put(parameter.name(), Tensor.constant(parameter.shape(), zeros));
            }
            return first.config().create(Parameters.from(shapes));
        }

        void put(Replica replica) {
            idle.add(replica);
        }
    }

    /** A model with a tape. */
    private static final class Replica {
        private final LanguageModel model;
        private final Tape tape = Tape.training();
        private long step = -1;

        Replica(LanguageModel model) {
            this.model = model;
        }

        Gradient gradient(Batch batch, long wanted, Broadcast<double[][]> weights, long denominator) {
            List<Parameter> parameters = model.parameters().all();
            if (step != wanted) {
                double[][] numbers = weights.value();
                for (int i = 0; i < numbers.length; i++) {
                    System.arraycopy(numbers[i], 0, parameters.get(i).data(), 0, numbers[i].length);
                }
                step = wanted;
            }
            model.parameters().zeroGrad();
            tape.reset();
            Tensor loss = tape.apply(new CrossEntropy(model.forward(tape, batch), batch.targets(), denominator));
            tape.backward(loss);
            double[][] gradient = new double[parameters.size()][];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = parameters.get(i).grad().clone();
            }
            return new Gradient(loss.item(), gradient);
        }
    }
}
