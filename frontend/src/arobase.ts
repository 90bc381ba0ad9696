// What every page runs.
import "./combobox";
import "./theme";
