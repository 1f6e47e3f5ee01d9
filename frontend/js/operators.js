// What every page of the admin loads, beside Unfold's own.
import { sendUnderItsKeys } from "./submission.js";

// Unfold's scrolling boxes all bear the same name; screen readers need to tell them apart.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-simplebar]")) {
    const navigation = box.closest("#nav-sidebar-apps, nav");
    box.dataset.simplebarAriaLabel = navigation ? "menu" : document.title;
  }
});

// The menu of the person closes on Escape, which gives the focus back, and on a click beside it.
const openMenus = () => document.querySelectorAll("details.user-menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// A form is sent once: further presses do nothing until an answer comes. Without a connection it is not sent at all.
const isAct = (form, submitter) => form.method === "post" && submitter?.formTarget !== "_blank";
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!isAct(form, submitter)) return;
  if ("busy" in form.dataset) {
    event.preventDefault();
    return;
  }
  const note = document.getElementById("offline-note");
  note.hidden = navigator.onLine;
  if (!navigator.onLine) {
    event.preventDefault();
    const again = note.querySelector("button");
    again.onclick = () => form.requestSubmit(submitter);
    again.focus();
    return;
  }
  sendUnderItsKeys(form);
  form.dataset.busy = "";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
});
