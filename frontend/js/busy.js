// A form is sent once: further presses of its button do nothing until an answer comes.
// A form whose answer is a file (the page stays) opts out with data-repeatable.
import { sendUnderItsKeys } from "./submission.js";
import { offline } from "./toasts.js";

const BUSY = "busy";

function marked(form) {
  return form.querySelectorAll("button:not([type=button]), input[type=submit]");
}

function release(form) {
  delete form.dataset[BUSY];
  marked(form).forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "repeatable" in form.dataset) return;
  if (BUSY in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    offline(() => form.requestSubmit(event.submitter));
    return;
  }
  sendUnderItsKeys(form);
  form.dataset[BUSY] = "";
  marked(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-busy]");
  if (form) release(form);
});
