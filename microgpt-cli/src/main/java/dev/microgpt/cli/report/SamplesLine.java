package dev.microgpt.cli.report;

import java.util.List;

/** What the model generated after a number of steps. */
record SamplesLine(int step, List<String> texts) {}
