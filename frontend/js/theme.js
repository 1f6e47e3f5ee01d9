// Light or dark: the system's wish, unless the person chose; the choice is kept in a cookie so that the
// server can write it into the page and nothing flashes.
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");
const systemTheme = () => (system.matches ? "dark" : "light");
const YEAR = 365 * 24 * 60 * 60;

function choose(theme) {
  const follows = theme === systemTheme();
  if (follows) delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${follows ? 0 : YEAR}; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange"));
}

document.querySelectorAll("[data-theme-switch]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    choose((root.dataset.theme ?? systemTheme()) === "dark" ? "light" : "dark");
  });
});
system.addEventListener("change", () => document.dispatchEvent(new CustomEvent("themechange")));
