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
