package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingConfigTest {
    @Test
    void theDefaultsAreThoseOfMicrogpt() {
        assertEquals(new TrainingConfig(1000, 1, 0.01, 0.85, 0.99, 1e-8, 42), TrainingConfig.microgpt());
    }

    @Test
    void theShortFormIsMicrogptsWayOfTraining() {
        Schedule line = new Schedule(Schedule.Kind.LINEAR, 0.02, 0, 0);
        AdamConfig adam = new AdamConfig(0.8, 0.9, 1e-6, 0);
        assertEquals(
                new TrainingConfig(7, 3, 1, line, adam, 0, -1), new TrainingConfig(7, 3, 0.02, 0.8, 0.9, 1e-6, -1));
    }

    /** config/finetune_shakespeare.py and the defaults of train.py. */
    @Test
    void fineTuningIsThatOfNanoGpt() {
        Schedule constant = new Schedule(Schedule.Kind.CONSTANT, 3e-5, 0, 0);
        AdamConfig adam = new AdamConfig(0.9, 0.95, 1e-8, 0.1);
        assertEquals(new TrainingConfig(20, 1, 32, constant, adam, 1, 42), TrainingConfig.fineTuning());
        assertEquals(
                new TrainingConfig(20, 1, 32, constant, adam, 1, -7),
                TrainingConfig.fineTuning().withSeed(-7));
    }

    @Test
    void settingsAreChangedOneByOne() {
        Schedule constant = new Schedule(Schedule.Kind.CONSTANT, 3e-4, 0, 7);
        AdamConfig adam = new AdamConfig(0.8, 0.9, 1e-6, 0.2);
        TrainingConfig changed = TrainingConfig.nano()
                .withSteps(3)
                .withBatchSize(4)
                .withGradientAccumulationSteps(5)
                .withSchedule(constant)
                .withAdam(adam)
                .withGradClip(6)
                .withSeed(8);
        assertEquals(new TrainingConfig(3, 4, 5, constant, adam, 6, 8), changed);
        assertEquals(changed.withSteps(9).withGradClip(0), new TrainingConfig(9, 4, 5, constant, adam, 0, 8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1  | 1 | 0  | 0        | gradient accumulation steps is 0, but must be at least 1
        1  | 1 | -3 | 0        | gradient accumulation steps is -3, but must be at least 1
        1  | 1 | 1  | -1       | gradient clipping norm is -1.0, but must be finite and at least 0
        1  | 1 | 1  | NaN      | gradient clipping norm is NaN, but must be finite and at least 0
        1  | 1 | 1  | Infinity | gradient clipping norm is Infinity, but must be finite and at least 0
        0  | 1 | 1  | 0        | steps is 0, but must be at least 1
        1  | 0 | 1  | 0        | batch size is 0, but must be at least 1
        """)
    void numbersOutOfRangeAreRefusedInTheLongFormToo(
            int steps, int batchSize, int accumulationSteps, double gradClip, String message) {
        TrainingConfig microgpt = TrainingConfig.microgpt();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingConfig(
                        steps, batchSize, accumulationSteps, microgpt.schedule(), microgpt.adam(), gradClip, 42));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0    | 1  | 0.01     | 0.85 | 0.99 | 1e-8 | steps is 0, but must be at least 1
        -5   | 1  | 0.01     | 0.85 | 0.99 | 1e-8 | steps is -5, but must be at least 1
        1000 | 0  | 0.01     | 0.85 | 0.99 | 1e-8 | batch size is 0, but must be at least 1
        1000 | 1  | 0        | 0.85 | 0.99 | 1e-8 | learning rate is 0.0, but must be positive and finite
        1000 | 1  | NaN      | 0.85 | 0.99 | 1e-8 | learning rate is NaN, but must be positive and finite
        1000 | 1  | Infinity | 0.85 | 0.99 | 1e-8 | learning rate is Infinity, but must be positive and finite
        1000 | 1  | 0.01     | 1    | 0.99 | 1e-8 | beta1 is 1.0, but must be at least 0 and below 1
        1000 | 1  | 0.01     | 0.85 | -1   | 1e-8 | beta2 is -1.0, but must be at least 0 and below 1
        1000 | 1  | 0.01     | 0.85 | 0.99 | 0    | adam eps is 0.0, but must be positive and finite
        """)
    void numbersOutOfRangeAreRefusedByName(
            int steps, int batchSize, double rate, double beta1, double beta2, double eps, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingConfig(steps, batchSize, rate, beta1, beta2, eps, 42));
        assertEquals(message, e.getMessage());
    }
}
