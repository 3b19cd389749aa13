module com.example.parts {
    requires dev.microgpt.train;

    provides dev.microgpt.model.Attention with
            com.example.Alibi;
    provides dev.microgpt.model.ModelType with
            com.example.GruType;
}
