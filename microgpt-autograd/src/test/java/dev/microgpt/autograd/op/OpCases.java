package dev.microgpt.autograd.op;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every operation at every size: each form makes a case of the sizes that it is given.
 *
 * <p>Each package of operations has a class of its own for its forms. The order matters for time only:
 * {@link Sizes#everyEdgeOnce} gives each form other pairs of rows and columns, and the first forms, which take the most
 * time, do not get the largest.
 */
final class OpCases {
    private static final List<Form> OTHERS = List.of(
            new Form("attention, one head", CausalAttention.class, s -> attention(s, 1, Sequences.ofLengths(s.rows()))),
            new Form("attention, packed with a past", CausalAttention.class, s -> attention(s, 1, s.packed())),
            new Form("attention, heads", CausalAttention.class, s -> attention(s, s.heads(), s.packed())),
            new Form("attention, dropout", CausalAttention.class, OpCases::attentionWithDropout),
            new Form("attention, scale", CausalAttention.class, OpCases::attentionWithScale),
            new Form("dropout", Dropout.class, OpCases::dropout),
            new Form(
                    "linear with bias",
                    Linear.class,
                    s -> smooth(
                            in -> new Linear(in.get(0), in.get(1), in.get(2)),
                            s.matrix("x"),
                            s.normal("weight", s.third(), s.columns()),
                            s.normal("bias", s.third()))),
            new Form(
                    "linear",
                    Linear.class,
                    s -> smooth(
                            in -> new Linear(in.get(0), in.get(1), null),
                            s.matrix("x"),
                            s.normal("weight", s.third(), s.columns()))),
            new Form(
                    "matmul",
                    MatMul.class,
                    s -> smooth(
                            in -> new MatMul(in.get(0), in.get(1)),
                            s.matrix("a"),
                            s.normal("b", s.columns(), s.third()))),
            new Form("rotary", Rotary.class, s -> rotary(s, 1, 1000, IntStream.range(0, s.rows()))),
            new Form(
                    "rotary, heads beyond a table",
                    Rotary.class,
                    s -> rotary(s, s.heads(), 9, s.random().ints(s.rows(), 5, 99))),
            new Form("layerNorm with bias", LayerNorm.class, OpCases::layerNormWithBias),
            new Form("layerNorm", LayerNorm.class, OpCases::layerNorm),
            new Form(
                    "rmsNorm",
                    RmsNorm.class,
                    s -> smooth(in -> new RmsNorm(in.get(0), eps(s.columns())), s.matrix("x"))),
            new Form(
                    "rmsNormGain",
                    RmsNormGain.class,
                    s -> smooth(
                            in -> new RmsNormGain(in.get(0), in.get(1), eps(s.columns())),
                            s.matrix("x"),
                            s.normal("gain", s.columns()))),
            new Form("softmax", Softmax.class, OpCases::softmax),
            new Form("crossEntropy", CrossEntropy.class, OpCases::crossEntropy),
            new Form("embedding", Embedding.class, OpCases::embedding));

    static final List<Form> FORMS = Stream.of(
                    OTHERS, ShapeCases.FORMS, LossCases.FORMS, ReduceCases.FORMS, ElementCases.FORMS)
            .flatMap(List::stream)
            .toList();

    private OpCases() {}

    enum Kind {
        /** With a derivative everywhere. */
        SMOOTH,
        /** Without a derivative at some numbers, such as 0, or not defined for all. */
        LIMITED,
        /** The same, and not all elements of the input reach the output. */
        SELECTIVE
    }

    /**
     * One way of using an operation.
     *
     * @param kind whether tests may give it other numbers than its own
     */
    record Form(String name, Class<? extends Op> op, Kind kind, Function<Sizes, OpCase> cases) {
        Form(String name, Class<? extends Op> op, Function<Sizes, OpCase> cases) {
            this(name, op, Kind.SMOOTH, cases);
        }

        OpCase at(int rows, int columns, int third) {
            return at(Sizes.of(rows, columns, third));
        }

        OpCase at(Sizes sizes) {
            OpCase made = cases.apply(sizes);
            return new OpCase(name + ", " + sizes, made.inputs(), made.build(), made.check());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Form form(String name) {
        return FORMS.stream()
                .filter(form -> form.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static OpCase attention(Sizes s, int heads, Sequences queries) {
        Sequences keys = Sizes.withPast(queries);
        OpCase made = smooth(
                in -> new CausalAttention(in.get(0), in.get(1), in.get(2), heads, queries, keys),
                s.matrix("q"),
                s.normal("k", keys.rows(), s.columns()),
                s.normal("v", keys.rows(), s.columns()));
        // a query that sees one key gives it all its attention, whatever q and k are
        return keys.longest() == 1 ? made.allowingZeroGradients() : made;
    }

    private static OpCase attentionWithScale(Sizes s) {
        Sequences queries = s.packed();
        Sequences keys = Sizes.withPast(queries);
        OpCase made = smooth(
                in -> new CausalAttention(
                        in.get(0), in.get(1), in.get(2), s.heads(), queries, keys, null, 0.7, CausalAttention.ALL),
                s.matrix("q"),
                s.normal("k", keys.rows(), s.columns()),
                s.normal("v", keys.rows(), s.columns()));
        return keys.longest() == 1 ? made.allowingZeroGradients() : made;
    }

    private static OpCase attentionWithDropout(Sizes s) {
        Sequences queries = s.packed();
        Sequences keys = Sizes.withPast(queries);
        DropoutMask mask = mask(queries.count());
        double scale = 1.0 / Math.sqrt(s.columns() / s.heads());
        return smooth(
                        in -> new CausalAttention(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                s.heads(),
                                queries,
                                keys,
                                mask,
                                scale,
                                CausalAttention.ALL),
                        s.matrix("q"),
                        s.normal("k", keys.rows(), s.columns()),
                        s.normal("v", keys.rows(), s.columns()))
                .allowingZeroGradients(); // all that a query sees may be dropped
    }

    private static OpCase dropout(Sizes s) {
        DropoutMask mask = mask(s.packed().count());
        return smooth(in -> new Dropout(in.get(0), s.packed(), mask), s.matrix("x"))
                .allowingZeroGradients(); // the only element may be dropped
    }

    private static DropoutMask mask(int sequences) {
        CounterRandom[] streams = new CounterRandom[sequences];
        for (int i = 0; i < sequences; i++) {
            streams[i] = new CounterRandom(7).child(i);
        }
        return new DropoutMask(0.3, streams);
    }

    private static OpCase layerNormWithBias(Sizes s) {
        OpCase made = smooth(
                in -> new LayerNorm(in.get(0), in.get(1), in.get(2), eps(s.columns())),
                s.matrix("x"),
                s.normal("gain", s.columns()),
                s.normal("bias", s.columns()));
        return s.columns() == 1 ? made.allowingZeroGradients() : made; // a row of one is its own mean
    }

    private static OpCase layerNorm(Sizes s) {
        OpCase made = smooth(
                in -> new LayerNorm(in.get(0), in.get(1), null, eps(s.columns())),
                s.matrix("x"),
                s.normal("gain", s.columns()));
        return s.columns() == 1 ? made.allowingZeroGradients() : made;
    }

    /** A short row may be nearly constant or zero, and a norm with a small eps then bends within a step. */
    private static double eps(int columns) {
        return columns < 15 ? 0.5 : 1e-5;
    }

    private static OpCase rotary(Sizes s, int heads, int kept, IntStream at) {
        RotaryTable table = new RotaryTable(2 * s.columns() / heads, 100, kept);
        int[] positions = at.toArray();
        return smooth(in -> new Rotary(in.get(0), heads, table, positions), s.normal("x", s.rows(), 2 * s.columns()));
    }

    private static OpCase softmax(Sizes s) {
        OpCase made = smooth(in -> new Softmax(in.get(0)), s.matrix("x"));
        return s.columns() == 1 ? made.allowingZeroGradients() : made; // the only probability is 1
    }

    private static OpCase crossEntropy(Sizes s) {
        int[] targets = s.indices(s.rows(), s.columns());
        Parameter logits = s.matrix("logits");
        for (int t = 0; t < targets.length; t++) { // likely targets: the rounding of a large loss hides differences
            logits.data()[t * s.columns() + targets[t]] += StrictMath.log(s.columns());
        }
        OpCase made = smooth(in -> new CrossEntropy(in.get(0), targets, 1.7), logits);
        return s.columns() == 1 ? made.allowingZeroGradients() : made;
    }

    private static OpCase embedding(Sizes s) {
        int[] ids = s.indices(s.rows(), s.third());
        return smooth(in -> new Embedding(in.get(0), ids), s.normal("table", s.third(), s.columns()));
    }

    static OpCase smooth(Function<List<? extends Tensor>, Op> build, Parameter... inputs) {
        return of(GradientCheck.smooth(), build, inputs);
    }

    static OpCase of(GradientCheck check, Function<List<? extends Tensor>, Op> build, Parameter... inputs) {
        return new OpCase("", List.of(inputs), build, check);
    }
}
