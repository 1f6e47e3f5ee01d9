// What every page loads. Each module improves plain HTML that works without it.
import "htmx.org";
import "./busy.js";
import "./copy.js";
import "./dialogs.js";
import "./forms.js";
import "./menus.js";
import "./selection.js";
import "./tables.js";
import "./theme.js";
import "./toasts.js";
