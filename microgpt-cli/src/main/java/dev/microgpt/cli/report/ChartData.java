package dev.microgpt.cli.report;

import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes the numbers of the charts as JSON for the script that shows them at the cursor. */
final class ChartData {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            // the library's own digits: Double.toString gives others on older Java versions
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private ChartData() {}

    /** Returns JSON that is safe in a script element: it contains no "&lt;", which could end the element. */
    static String of(List<Chart> charts) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            for (Chart chart : charts) {
                write(json, chart);
            }
            json.writeEndArray();
        }
        // in JSON, a "<" can only be in a string
        return out.toString().replace("<", "\\u003c");
    }

    private static void write(JsonGenerator json, Chart chart) {
        json.writeStartObject();
        json.writeStringProperty("id", chart.id());
        json.writeName("x");
        write(json, new double[] {chart.x().min(), chart.x().max()});
        json.writeName("y");
        write(json, new double[] {chart.y().min(), chart.y().max()});
        json.writeBooleanProperty("logarithmic", chart.y().isLogarithmic());
        json.writeArrayPropertyStart("lines");
        double[] former = new double[0];
        for (Curve curve : chart.curves()) {
            json.writeStartObject();
            json.writeStringProperty("name", curve.name());
            json.writeStringProperty("style", curve.style());
            if (!Arrays.equals(curve.steps(), former)) { // otherwise those of the previous line
                json.writeName("steps");
                write(json, curve.steps());
            }
            former = curve.steps();
            json.writeName("values");
            write(json, curve.values());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static void write(JsonGenerator json, double[] numbers) {
        json.writeStartArray();
        for (double number : numbers) {
            if (number == Math.rint(number) && Math.abs(number) < Integer.MAX_VALUE) {
                json.writeNumber((int) number); // 100, not 100.0
            } else {
                json.writeNumber((float) number); // seven digits are enough to read, at half the size
            }
        }
        json.writeEndArray();
    }
}
