package dev.microgpt.model;

/** The library's own MLPs. */
abstract class Mlps implements Mlp {
    static final Mlp PLAIN = new Mlps("plain") {
        @Override
        public Layer create(Scope scope, GptConfig config) {
            return new TwoLayerMlp(scope, config);
        }
    };
    static final Mlp SWIGLU = new Mlps("swiglu") {
        @Override
        public Layer create(Scope scope, GptConfig config) {
            return new GatedMlp(scope, config, Activation.SILU);
        }
    };
    static final Mlp GEGLU = new Mlps("geglu") {
        @Override
        public Layer create(Scope scope, GptConfig config) {
            return new GatedMlp(scope, config, Activation.GELU);
        }
    };

    private final String name;

    private Mlps(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
