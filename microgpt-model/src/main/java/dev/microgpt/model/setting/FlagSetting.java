package dev.microgpt.model.setting;

/** A setting that is on or off. */
final class FlagSetting extends Setting<Boolean> {
    FlagSetting(String name, boolean usual, String help) {
        super(name, usual, help);
    }

    @Override
    public Kind kind() {
        return Kind.FLAG;
    }

    @Override
    public String rule() {
        return "true or false";
    }

    @Override
    public Boolean parse(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw refused(text);
    }

    @Override
    Boolean checked(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw refused(value);
    }
}
