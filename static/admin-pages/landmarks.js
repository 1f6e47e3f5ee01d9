// Unfold's scrolling boxes all bear the same name; screen readers need to tell them apart.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-simplebar]")) {
    const navigation = box.closest("#nav-sidebar-apps, nav");
    box.dataset.simplebarAriaLabel = navigation ? "menu" : document.title;
  }
});
