package dev.microgpt.train.data;

/** What a training text is made of. */
public enum DataFormat {
    /** One document a line, each trained on by itself, between two beginning-of-sequence tokens: microgpt's. */
    DOCUMENTS("documents"),
    /** One long text, of which a step sees random crops: nanoGPT's. */
    TEXT("text");

    private final String label;

    DataFormat(String label) {
        this.label = label;
    }

    /** {@return the name in options and files} */
    @Override
    public String toString() {
        return label;
    }
}
