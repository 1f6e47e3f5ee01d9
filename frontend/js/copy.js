// <button data-copy="text" data-done="Copied" hidden>: shown only where the clipboard can be written.
import { toast } from "./toasts.js";

function reveal(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy][hidden]").forEach((button) => (button.hidden = false));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(button.dataset.done, "success");
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
