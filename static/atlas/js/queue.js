// Keys of the approvals page: J and K move, A, R, E and X act on the card that has the focus, and
// Esc goes back to it from what is written in it.

const list = document.getElementById("approvals-list");

function cards() {
  return [...list.querySelectorAll("article.request")];
}

function current() {
  return document.activeElement?.closest("#approvals-list article.request") ?? null;
}

function focusCard(card) {
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
}

// A card that the socket draws anew takes the focus with it; whoever works by keys keeps the place.
let place = "";
list?.addEventListener("focusin", ({ target }) => {
  place = target.closest("article.request")?.id ?? "";
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  const card = place && document.activeElement === document.body && document.getElementById(place);
  if (card) focusCard(card);
});

function move(step) {
  const all = cards();
  const at = all.indexOf(current());
  const next = at < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (!next) return;
  focusCard(next);
  next.scrollIntoView({ block: "nearest" });
}

function help() {
  const dialog = document.getElementById("dialog");
  const text = document.getElementById("keys-help");
  if (!dialog || !text || dialog.open) return;
  dialog.replaceChildren(text.content.cloneNode(true));
  dialog.showModal();
}

function reject() {
  const details = current()?.querySelector("details.request-reject[id$='-reject']");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  // The focus shows what Enter would approve: one key alone must not decide.
  a: () => current()?.querySelector("form[action$='/approve/'] button")?.focus(),
  r: reject,
  e: () => current()?.querySelector("a[href*='/change/']")?.click(),
  x: () => current()?.querySelector(".request-select input")?.click(),
  "?": help,
};

function leave(event) {
  const card = current();
  if (!card || event.target === card) return;
  const open = event.target.closest("details[open]");
  if (open) open.open = false;
  focusCard(card);
}

document.addEventListener("keydown", (event) => {
  if (!list || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && !event.target.closest("dialog[open]")) return leave(event);
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
