package dev.microgpt.model.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Positions;
import dev.microgpt.model.SelfAttention;
import dev.microgpt.model.SequenceLayer;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker is checked with models that keep their promises, and with some that each break one. */
class ModelCheckTest {
    // ---- models that are right ----

    static Stream<ModelConfig> sound() {
        return Stream.of(
                GptConfig.microgpt(5).withSizes(1, 2, 8, 6),
                GptConfig.nano(6).withSizes(2, 2, 6, 5),
                GptConfig.gpt2(5).withSizes(2, 2, 8, 6),
                GptConfig.gpt2Medium(2).withSizes(1, 1, 4, 2),
                GptConfig.gpt2Large(7).withSizes(1, 3, 9, 17),
                GptConfig.gpt2Xl(3).withSizes(3, 1, 4, 3),
                GptConfig.microgpt(27),
                GptConfig.llama(5).withSizes(2, 2, 8, 6).withInner(7),
                GptConfig.nanochat(6).withSizes(2, 2, 8, 5),
                GptConfig.microgpt(5)
                        .withSizes(2, 2, 8, 6)
                        .withAttention(OwnParts.FewHeads.of(4))
                        .withNorm(OwnParts.ScaledNorm.of(1.5)),
                ModelConfig.of(new BigramModel.Type(), 5, 6),
                ModelConfig.of(new BigramModel.Type(), 2, 1),
                ModelConfig.of(new WindowModel.Type(), 5, 6)
                        .with(WindowModel.CHANNELS, 3)
                        .with(WindowModel.HIDDEN, 7),
                ModelConfig.of(new GruModel.Type(), 5, 6).with(GruModel.HIDDEN, 8),
                ModelConfig.of(new GruModel.Type(), 3, 17));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void soundModelPassesAndCanBeStored(ModelConfig config) {
        assertEquals(List.of(), ModelCheck.check(config));
        assertEquals(List.of(), ModelCheck.check(config, 1));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everyCombinationOfPartsPasses(GptConfig config) {
        ModelCheck.check(config, 3);
    }

    static Stream<GptConfig> combinations() {
        return IntStream.range(0, 40).mapToObj(ModelCheckTest::combination);
    }

    private static GptConfig combination(int seed) {
        Random random = new Random(seed);
        GptConfig config = GptConfig.microgpt(2 + random.nextInt(5));
        for (Setting<?> setting : GptConfig.SETTINGS) {
            List<String> values = setting.kind() == Setting.Kind.FLAG ? List.of("true", "false") : setting.names();
            if (!values.isEmpty()) {
                Settings settings = config.settings();
                config = config.with(settings.with(setting.name(), values.get(random.nextInt(values.size()))));
            }
        }
        int heads = 1 + random.nextInt(3);
        int width = 3 + random.nextInt(3);
        int channels = heads * (config.positions() == Positions.ROPE ? 4 : width);
        config = config.withSizes(1 + random.nextInt(3), heads, channels, 2 + random.nextInt(7));
        return random.nextInt(3) == 0 ? config.with(GptConfig.DROPOUT, 0.2) : config;
    }

    @Test
    void partsGivenAsFunctionsPassAndAreReportedToBeWithoutName() {
        GptConfig config = GptConfig.microgpt(5)
                .withSizes(2, 2, 8, 6)
                .withAttention(OwnParts::oneHead)
                .withMlp(OwnParts::linear)
                .withNorm((scope, channels, eps) -> (tape, x, batch) -> tape.rmsNorm(x, eps))
                .withActivation((tape, x) -> tape.gelu(tape.scale(x, 2)))
                .withPositions(OwnParts::multiplied);
        List<String> notStorable = ModelCheck.check(config.withMlp(Mlp.PLAIN));
        assertEquals(4, notStorable.size());
        assertEquals(
                "norm is an unnamed Norm: a checkpoint cannot hold the model; give the part a dotted name to change"
                        + " that",
                notStorable.get(0));
        assertEquals(5, ModelCheck.check(config).size());
    }

    @Test
    void typeWithoutNamePassesAndIsReported() {
        List<String> notStorable = ModelCheck.check(FaultyModels.decodesRight());
        assertEquals(1, notStorable.size());
        assertTrue(notStorable
                .get(0)
                .endsWith(" has no name: a checkpoint cannot hold the model; give the type a"
                        + " dotted name to change that"));
        ModelCheck.check(FaultyModels.squares(1, false));
    }

    @Test
    void kinksCloseToWeightsAreNoFault() {
        for (long seed = 0; seed < 3; seed++) {
            ModelCheck.check(FaultyModels.hasKinksCloseToWeights(), seed);
        }
    }

    /** Before its first step, such a model has equal logits whatever its blocks compute. */
    @Test
    void faultIsSeenBehindWeightsThatBeginAsZeros() {
        Mlp countsSequences = (scope, config) -> {
            Layer plain = Mlp.PLAIN.create(scope, config);
            return (tape, x, batch) ->
                    plain.forward(tape, tape.scale(x, batch.sequences().count()), batch);
        };
        GptConfig config = GptConfig.nanochat(5).withSizes(2, 2, 8, 6);
        ModelCheck.check(config.withMlp((scope, sizes) -> Mlp.PLAIN.create(scope, sizes)));
        AssertionError refused =
                assertThrows(AssertionError.class, () -> ModelCheck.check(config.withMlp(countsSequences)));
        assertTrue(refused.getMessage().contains("; batch mates: "), refused.getMessage());
    }

    @Test
    void decodersThatContinueBeyondTheBlockPassIfTheyAreRightThere() {
        GptConfig config = GptConfig.llama(5)
                .withSizes(2, 2, 8, 6)
                .with(GptConfig.WINDOW, 3)
                .with(GptConfig.N_KV_HEAD, 1);
        ModelCheck.check(config);
        AssertionError wrong = assertThrows(
                AssertionError.class,
                () -> ModelCheck.check(config.withAttention((scope, sizes, layer, positions) ->
                        wrongBeyondTheBlock(new SelfAttention(scope, sizes, layer, positions)))));
        assertTrue(wrong.getMessage().contains("decoding"), wrong.getMessage());
        assertTrue(wrong.getMessage().contains("token by token"), wrong.getMessage());
    }

    private static SequenceLayer wrongBeyondTheBlock(SequenceLayer attention) {
        return new SequenceLayer() {
            @Override
            public Tensor forward(Tape tape, Tensor x, Batch batch) {
                return attention.forward(tape, x, batch);
            }

            @Override
            public Layer decoder(int maxPositions) {
                Layer decoder = attention.decoder(maxPositions);
                return (tape, x, batch) -> {
                    boolean isBeyond =
                            batch.firstPosition() >= maxPositions && x.shape().rows() == 1;
                    return decoder.forward(tape, isBeyond ? tape.scale(x, 2) : x, batch);
                };
            }

            @Override
            public boolean isEndless() {
                return true;
            }
        };
    }

    // ---- models that are wrong ----

    /**
     * A fault, and what its message must contain.
     *
     * @param rule  the name of the rule
     * @param words what is said of the place
     */
    private record Fault(String name, Supplier<ModelConfig> config, String rule, String... words) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault(
                        "shapes of chance",
                        FaultyModels::shapesOfChance,
                        "creation",
                        "parameter 0 is extra (2) when only shapes are noted, but extra (1) at first"),
                new Fault(
                        "uses a shape in the constructor",
                        FaultyModels::usesShapeInTheConstructor,
                        "creation",
                        "when only the shapes of parameters are noted",
                        "must use neither the values nor the shape"),
                new Fault(
                        "values of chance",
                        FaultyModels::valuesOfChance,
                        "creation",
                        "the initial value of extra (2) at index 0 is ",
                        " when created again from the same seed, but "),
                new Fault(
                        "other parameters when created again",
                        FaultyModels::otherParametersWhenCreatedAgain,
                        "creation",
                        "parameter 0 is b (1) when created again, but a (1) at first"),
                new Fault(
                        "other parameters()", FaultyModels::otherParameters, "creation", "parameters() returns others"),
                new Fault("other config()", FaultyModels::otherConfig, "creation", "config() is ", "block_size=7"),
                new Fault(
                        "counts wrongly",
                        FaultyModels::countsWrongly,
                        "creation",
                        "parameterCount() is ",
                        ", but the model has "),
                new Fault(
                        "cannot be loaded",
                        FaultyModels::cannotBeLoaded,
                        "creation",
                        "creation from stored weights failed: parameter \"b\" is missing"),
                new Fault(
                        "forgets a parameter when loaded",
                        FaultyModels::forgetsAParameterWhenLoaded,
                        "creation",
                        "parameter 1 is missing when created from stored weights, but last (1) at first"),
                new Fault(
                        "copies weights",
                        FaultyModels::copiesWeights,
                        "loading",
                        "the logit of token 0 at position 0 is ",
                        "if the weights of an existing model become the same"),
                new Fault(
                        "hides a parameter",
                        FaultyModels::hidesAParameter,
                        "loading",
                        "the operation add uses a parameter hidden (5) that is not among parameters()"),
                new Fault(
                        "type with new settings",
                        FaultyModels::typeWithNewSettings,
                        "configuration",
                        "settings() of the type has other objects in its second call"),
                new Fault(
                        "type that forgets settings",
                        FaultyModels::typeThatForgetsSettings,
                        "configuration",
                        "vocab_size is 5 after with(vocab_size=15, block_size=6), but must be 15"),
                new Fault(
                        "type that refuses settings",
                        FaultyModels::typeThatRefusesSettings,
                        "configuration",
                        "config(settings) of the type refused "),
                new Fault(
                        "type that is not provided",
                        FaultyModels::typeThatIsNotProvided,
                        "configuration",
                        "com.example.lost: the type is not found by its name: model \"com.example.lost\" is unknown"),
                new Fault(
                        "type with the name of another",
                        FaultyModels::typeWithTheNameOfAnother,
                        "configuration",
                        "the name of the type finds dev.microgpt.model.check.BigramModel$Type of version 1, but"),
                new Fault(
                        "part that ignores a setting",
                        FaultyModels::partThatIgnoresASetting,
                        "configuration",
                        "norm has again false after with(again=true), but must have true"),
                new Fault(
                        "part that changes",
                        FaultyModels::partThatChanges,
                        "configuration",
                        "norm has itself factor 12.0 after with(factor=12.0) instead of 2.0"),
                new Fault(
                        "part that is not provided",
                        FaultyModels::partThatIsNotProvided,
                        "configuration",
                        "norm does not accept its own text: norm \"com.example.lost-norm\" is unknown"),
                new Fault(
                        "part with the name of another",
                        FaultyModels::partWithTheNameOfAnother,
                        "configuration",
                        "norm becomes com.example.scaled-norm(factor=3.0) when it is read from its text"),
                new Fault(
                        "choice in upper case",
                        FaultyModels::choiceInUpperCase,
                        "configuration",
                        "mode does not accept its own text: mode is \"Fast\", but must be one of Fast, slow"),
                new Fault("keeps state", FaultyModels::keepsState, "function", "on another tape, but "),
                new Fault(
                        "remembers tokens",
                        FaultyModels::remembersTokens,
                        "function",
                        "after a call with other tokens, but "),
                new Fault(
                        "depends on the tape", FaultyModels::dependsOnTheTape, "function", "on a training tape, but "),
                new Fault(
                        "changes parameters",
                        FaultyModels::changesParameters,
                        "function",
                        "forward changed the value of table (5, 5) at index 7 from "),
                new Fault(
                        "changes gradients",
                        FaultyModels::changesGradients,
                        "function",
                        "forward changed the gradient of table (5, 5) at index 0 from 25.5 to 0.0"),
                new Fault("is not finite", FaultyModels::isNotFinite, "", " at position 0 is ", "must be finite"),
                new Fault(
                        "has the wrong shape",
                        FaultyModels::hasTheWrongShape,
                        "",
                        "the logits have the shape (), but must have ("),
                new Fault(
                        "looks ahead",
                        FaultyModels::looksAhead,
                        "causality",
                        "at position 4 is ",
                        " at position 5, but "),
                new Fault(
                        "knows the length",
                        FaultyModels::knowsTheLength,
                        "causality",
                        "if the sequence ends before position 5, but "),
                new Fault(
                        "sees its batch mates",
                        FaultyModels::seesItsBatchMates,
                        "batch mates",
                        " of a batch of 7, but ",
                        " in a batch of its own"),
                new Fault("reads targets", FaultyModels::readsTargets, "batch mates", "in sequence 0 of a batch of 7"),
                new Fault(
                        "drops by the sequence of the batch",
                        FaultyModels::dropsBySequenceOfTheBatch,
                        "batch mates",
                        "drop elements with a DropoutSite",
                        " of a batch of 7, but "),
                new Fault(
                        "drops in evaluation",
                        FaultyModels::dropsInEvaluation,
                        "function",
                        "if the batch has no random numbers, but "),
                new Fault(
                        "ignores the block size",
                        FaultyModels::ignoresTheBlockSize,
                        "limits",
                        "forward accepted a sequence of 7 tokens"),
                new Fault(
                        "looks at the first sequence only",
                        FaultyModels::looksAtTheFirstSequenceOnly,
                        "limits",
                        "forward accepted a batch whose second sequence has 7 tokens"),
                new Fault("accepts any token", FaultyModels::acceptsAnyToken, "limits", "forward accepted token 5"),
                new Fault(
                        "fails for negative tokens",
                        FaultyModels::failsForNegativeTokens,
                        "limits",
                        "forward failed with java.lang.ArrayIndexOutOfBoundsException",
                        "for token -1"),
                new Fault(
                        "fails for one token",
                        FaultyModels::failsForOneToken,
                        "limits",
                        "forward failed for 1 sequences of up to 1 tokens with java.lang.IllegalStateException"),
                new Fault(
                        "remembers what it refused",
                        FaultyModels::remembersWhatItRefused,
                        "function",
                        "after refused calls, but "),
                new Fault(
                        "changes parameters when it refuses",
                        FaultyModels::changesParametersWhenItRefuses,
                        "function",
                        "a refused call of forward changed the gradient of table (5, 5) at index 2 from 25.5 to 26.5"),
                new Fault(
                        "decodes with another last bit",
                        FaultyModels::decodesWithAnotherLastBit,
                        "decoding",
                        "the logit of token 2 at position 5 is ",
                        " from a decoder, in pieces of [1, 1, 1, 1, 1, 1], but "),
                new Fault(
                        "decodes other last logits",
                        FaultyModels::decodesOtherLastLogits,
                        "decoding",
                        " at position 5 is ",
                        " from a decoder, in pieces of [6], but "),
                new Fault(
                        "decodes all as last",
                        FaultyModels::decodesAllAsLast,
                        "",
                        "the logits have the shape (6, 5), but must have (1, 5)"),
                new Fault(
                        "positions begin at 0 in each piece",
                        FaultyModels::positionsBeginAtZeroInEachPiece,
                        "decoding",
                        " at position 1 is ",
                        " from a decoder, in pieces of [1, 1, 1, 1, 1, 1], but "),
                new Fault(
                        "decoder is always the same",
                        FaultyModels::decoderIsAlwaysTheSame,
                        "decoding",
                        "decoder() returned a decoder with 6 positions"),
                new Fault(
                        "decoders share their memory",
                        FaultyModels::decodersShareTheirMemory,
                        "decoding",
                        "from one of two decoders that take turns, but "),
                new Fault(
                        "decoder remembers what was cleared",
                        FaultyModels::decoderRemembersWhatWasCleared,
                        "decoding",
                        " at position 0 is "),
                new Fault(
                        "decoder fails",
                        FaultyModels::decoderFails,
                        "decoding",
                        "the decoder failed at position 4 with java.lang.IllegalArgumentException"),
                new Fault(
                        "decoder of a larger model",
                        FaultyModels::decoderOfALargerModel,
                        "limits",
                        "has 7 after a call with too many tokens"),
                new Fault(
                        "decoder changes gradients",
                        FaultyModels::decoderChangesParameters,
                        "function",
                        "decoding changed the gradient of table (5, 5) at index 3"),
                new Fault(
                        "is not thread-safe",
                        FaultyModels::isNotThreadSafe,
                        "threads",
                        "if another thread computes other logits meanwhile, but "),
                new Fault(
                        "fails in two threads",
                        FaultyModels::failsInTwoThreads,
                        "threads",
                        "forward failed for 1 sequences of up to 6 tokens with java.lang.IllegalArgumentException"),
                new Fault(
                        "disturbs the other thread",
                        FaultyModels::disturbsTheOther,
                        "threads",
                        "while another thread is in forward, but "),
                new Fault(
                        "wrong derivative",
                        FaultyModels::wrongDerivative,
                        "gradients",
                        "the gradient of table (5, 5) at index ",
                        " by backward but "),
                new Fault(
                        "assigns gradients",
                        FaultyModels::assignsGradients,
                        "",
                        "square: backward set the gradient of input 0"),
                new Fault(
                        "rounds",
                        FaultyModels::rounds,
                        "gradients",
                        "the gradient of table (5, 5) at index ",
                        " by backward but 0.0 by finite differences"),
                new Fault(
                        "is not continuous",
                        FaultyModels::isNotContinuous,
                        "gradients",
                        "no finite difference with respect to table (5, 5) approaches a number"),
                new Fault(
                        "unused parameter",
                        FaultyModels::unusedParameter,
                        "gradients",
                        "the gradient of second (5) is zero everywhere, because the logits do not depend on its"
                                + " values"),
                new Fault(
                        "parameter that is cut off",
                        FaultyModels::cutOffParameter,
                        "gradients",
                        "the gradient of second (5) is zero everywhere, but the logits depend on its values"),
                new Fault(
                        "no gradient at all",
                        FaultyModels::noGradientAtAll,
                        "gradients",
                        "the logits have no gradient"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultIsRefusedWithItsRuleItsPlaceAndTheRepair(Fault fault) {
        for (long seed = 0; seed < 3; seed++) {
            assertRefused(fault, seed);
        }
    }

    private static void assertRefused(Fault fault, long seed) {
        ModelConfig config = fault.config().get();
        String message = assertThrows(AssertionError.class, () -> ModelCheck.check(config, seed))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.matches("(model|gpt|com\\.example\\.\\w+): .*"), message);
        assertTrue(message.contains(fault.rule().isEmpty() ? "" : "; " + fault.rule() + ": "), message);
        for (String word : fault.words()) {
            assertTrue(message.contains(word), message + " does not say " + word);
        }
    }
}
