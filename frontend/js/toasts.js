// Short notes in the corner. From the server: HX-Trigger: {"toast": {"text": "…", "kind": "success"}}.
const LASTS = 8000;

export function toast(text, kind = "info", again = null) {
  const region = document.getElementById("toasts");
  const template = region?.querySelector(`template[data-kind="${kind}"]`);
  if (!template) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector("[data-text]").textContent = text;
  note.querySelector("[data-dismiss]").addEventListener("click", () => note.remove());
  if (again) note.querySelector("[data-text]").append(" ", retry(note, again));
  region.append(note);
  if (kind !== "error") setTimeout(() => note.remove(), LASTS);
}

const words = () => document.getElementById("toasts")?.dataset ?? {};

// Sends once more what did not arrive. What did arrive is not done twice: forms bear the id of their submission.
function retry(note, again) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-small";
  button.textContent = words().again;
  button.addEventListener("click", () => {
    note.remove();
    again();
  });
  return button;
}

// Nothing has been sent; what was typed stays.
export function offline(again) {
  toast(words().offline, "error", again);
}

function sentAgain(event) {
  const from = event.detail.elt;
  const kind = event.detail.requestConfig?.triggeringEvent?.type ?? "click";
  if (from instanceof HTMLFormElement && kind === "submit") return () => from.requestSubmit();
  return () => from.dispatchEvent(new Event(kind, { bubbles: true }));
}

document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", (event) => toast(words().offline, "error", sentAgain(event)));
document.addEventListener("htmx:responseError", () => toast(words().failed, "error"));
document.addEventListener("allauth.error", () => toast(words().key, "error"));
