// Theme toggle, menus that close, the drawer, and copy buttons; on every page.

const root = document.documentElement;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("atlas-theme", root.dataset.theme);
  } catch {
    // The choice then holds for this page only.
  }
  document.dispatchEvent(new CustomEvent("atlas:theme"));
}

function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.innerText.trim());
  } catch {
    getSelection().selectAllChildren(source);
    return;
  }
  // Kept apart: a second click finds the sign in the place of the words.
  button.dataset.words ??= button.textContent;
  button.textContent = "✓";
  announce(button.dataset.copied);
  setTimeout(() => (button.textContent = button.dataset.words), 1500);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

export function escape() {
  const menu = document.querySelector("details.menu[open]");
  const drawer = document.getElementById("drawer");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (drawer?.checked) {
    drawer.checked = false;
  } else {
    return false;
  }
  return true;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const button = event.target.closest("button");
  if (!button) return;
  if (button.hasAttribute("data-theme-toggle")) toggleTheme();
  if (button.dataset.copy) copy(button);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  document.dispatchEvent(new CustomEvent("atlas:theme")),
);
