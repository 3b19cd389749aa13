/**
 * How large a model to train, and for how many steps, when the time is given: sizes from a fixed ladder, tried out on
 * the machine.
 *
 * <p>The entry point is {@link dev.microgpt.train.budget.TimeBudget}, which chooses a
 * {@link dev.microgpt.train.budget.ModelSize} by the speeds that a {@link dev.microgpt.train.budget.SpeedTest}
 * measures, and returns a {@link dev.microgpt.train.budget.BudgetPlan}.
 */
@NullMarked
package dev.microgpt.train.budget;

import org.jspecify.annotations.NullMarked;
