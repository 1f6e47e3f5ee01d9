// On phones rows are shown as cards, and browsers then forget that it is a table: roles keep it one.
const ROLES = {
  table: "table",
  "thead, tbody, tfoot": "rowgroup",
  tr: "row",
  "thead th": "columnheader",
  "tbody th, tfoot th": "rowheader",
  td: "cell",
};

function keepRoles(root) {
  root.querySelectorAll("table.data-table").forEach((table) => {
    for (const [selector, role] of Object.entries(ROLES)) {
      const elements = selector === "table" ? [table] : table.querySelectorAll(selector);
      elements.forEach((element) => element.setAttribute("role", role));
    }
  });
}

document.addEventListener("htmx:load", (event) => keepRoles(event.target.parentNode ?? document));
