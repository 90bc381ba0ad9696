// The record of a polling station is printed by a button.
const button = document.querySelector<HTMLButtonElement>("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  for (const note of document.querySelectorAll("[data-no-script]")) note.remove();
}

export {};
