module example {
    requires dev.microgpt.train;
}
