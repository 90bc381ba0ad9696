// The button that turns day into night, shown only where scripts run; the choice is kept in this browser.
const root = document.documentElement;
const night = window.matchMedia("(prefers-color-scheme: dark)");
const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : night.matches);

if (button) {
  const name = () => (button.textContent = (isDark() ? button.dataset.light : button.dataset.dark) ?? "");
  button.hidden = false;
  name();
  night.addEventListener("change", name);
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset.theme = theme;
    localStorage.setItem("theme", theme);
    name();
    window.dispatchEvent(new Event("themechange"));
  });
}
