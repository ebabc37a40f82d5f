// Small, so that it runs while all that the page consists of is still loading: the engine and its worker are begun first.
import "./engine/early";
import "./styles.css";

void import("./start");
