// Loaded before the first paint: the chosen theme, where one was chosen; the button that chooses comes with arobase.ts.
const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
