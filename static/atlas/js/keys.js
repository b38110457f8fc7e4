// n: new question. /: search. Esc: close what is open, else stop the answer.

import { escape } from "./menus.js";

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

const keys = {
  n: () => document.getElementById("new-question")?.click(),
  "/": () => {
    const drawer = document.getElementById("drawer");
    if (drawer && getComputedStyle(document.getElementById("sidebar")).visibility === "hidden") {
      drawer.checked = true;
    }
    const search = document.getElementById("search");
    search?.focus();
    search?.select();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") {
    if (document.querySelector("dialog[open]")) return;
    if (!escape()) document.querySelector("#composer-stop form")?.requestSubmit();
    return;
  }
  if (isTyping(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
