package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Operations;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/** The operations of {@link RowBenchmark}, each with its definition, spelled out for one element. */
enum RowOperation {
    RMS_NORM {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.rmsNorm(in.x, EPS);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            double squares = 0;
            for (int i = 0; i < in.columns; i++) {
                squares += x(in, t, i) * x(in, t, i);
            }
            return x(in, t, c) / Math.sqrt(squares / in.columns + EPS);
        }
    },
    LAYER_NORM {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.layerNorm(in.x, in.gain, null, EPS);
        }

        @Override
        List<Parameter> inputs(RowInputs in) {
            return List.of(in.x, in.gain);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            double mean = 0;
            for (int i = 0; i < in.columns; i++) {
                mean += x(in, t, i) / in.columns;
            }
            double variance = 0;
            for (int i = 0; i < in.columns; i++) {
                variance += (x(in, t, i) - mean) * (x(in, t, i) - mean) / in.columns;
            }
            return (x(in, t, c) - mean) / Math.sqrt(variance + EPS) * in.gain.data()[c];
        }
    },
    SOFTMAX {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.softmax(in.x);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            return StrictMath.exp(x(in, t, c)) / sumOfExp(in, t);
        }
    },
    CROSS_ENTROPY {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.crossEntropy(in.x, in.targets);
        }

        /** The only element is the mean over all rows. */
        @Override
        double expected(RowInputs in, int t, int c) {
            double sum = 0;
            for (int i = 0; i < in.rows; i++) {
                sum += StrictMath.log(sumOfExp(in, i)) - x(in, i, in.targets[i]);
            }
            return sum / in.rows;
        }
    },
    GELU {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.gelu(in.x);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            return 0.5 * x(in, t, c) * (1 + ErfSeries.erf(x(in, t, c) / Math.sqrt(2)));
        }
    },
    RELU {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.relu(in.x);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            return x(in, t, c) > 0 ? x(in, t, c) : 0;
        }
    },
    ADD {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.add(in.x, in.other);
        }

        @Override
        List<Parameter> inputs(RowInputs in) {
            return List.of(in.x, in.other);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            return x(in, t, c) + in.other.data()[t * in.columns + c];
        }
    },
    EMBEDDING {
        @Override
        Tensor record(Operations tape, RowInputs in) {
            return tape.embedding(in.table, in.ids);
        }

        @Override
        List<Parameter> inputs(RowInputs in) {
            return List.of(in.table);
        }

        @Override
        double expected(RowInputs in, int t, int c) {
            return in.table.data()[in.ids[t] * in.columns + c];
        }
    };

    private static final double EPS = 1e-5;

    /** Records the operation. */
    abstract Tensor record(Operations tape, RowInputs in);

    /** The value at row {@code t}, column {@code c}. */
    abstract double expected(RowInputs in, int t, int c);

    /** What has a gradient. */
    List<Parameter> inputs(RowInputs in) {
        return List.of(in.x);
    }

    private static double x(RowInputs in, int t, int c) {
        return in.x.data()[t * in.columns + c];
    }

    private static double sumOfExp(RowInputs in, int t) {
        double sum = 0;
        for (int i = 0; i < in.columns; i++) {
            sum += StrictMath.exp(x(in, t, i));
        }
        return sum;
    }
}
