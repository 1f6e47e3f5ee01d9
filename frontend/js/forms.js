// After a refusal the first wrong field has the focus.
const wrong = document.querySelector('main [aria-invalid="true"]:not([type=hidden])');
if (wrong && !document.querySelector("[autofocus]")) wrong.focus();
