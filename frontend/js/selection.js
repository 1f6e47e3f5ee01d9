// A button that ticks every box of a name, or none when all are ticked.
document.addEventListener("htmx:load", () => {
  document.querySelectorAll("[data-check-all]").forEach((button) => (button.hidden = false));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-check-all]");
  if (!button) return;
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${button.dataset.checkAll}"]`)];
  const tick = boxes.some((box) => !box.checked);
  boxes.forEach((box) => (box.checked = tick));
});
