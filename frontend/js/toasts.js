// Short notes in the corner. From the server: HX-Trigger: {"toast": {"text": "…", "kind": "success"}}.
const LASTS = 8000;

export function toast(text, kind = "info") {
  const region = document.getElementById("toasts");
  const template = region?.querySelector(`template[data-kind="${kind}"]`);
  if (!template) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector("[data-text]").textContent = text;
  note.querySelector("[data-dismiss]").addEventListener("click", () => note.remove());
  region.append(note);
  if (kind !== "error") setTimeout(() => note.remove(), LASTS);
}

const words = () => document.getElementById("toasts")?.dataset ?? {};

document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", () => toast(words().offline, "error"));
document.addEventListener("htmx:responseError", () => toast(words().failed, "error"));
document.addEventListener("allauth.error", () => toast(words().key, "error"));
