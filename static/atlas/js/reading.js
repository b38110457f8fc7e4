// Scrolls along while the reader is at the end, counts seconds, and tells the list of changes.

const NEAR = 80;
const main = document.querySelector("body.chat #main");
const thread = document.getElementById("thread");
let follows = true;

function isAtEnd() {
  return main.scrollHeight - main.scrollTop - main.clientHeight < NEAR;
}

function toEnd() {
  main.scrollTop = main.scrollHeight;
}

if (main && thread) {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target !== thread.lastElementChild) follows = false;
  else toEnd();
  main.addEventListener("scroll", () => (follows = isAtEnd()), { passive: true });
  new ResizeObserver(() => follows && toEnd()).observe(thread);
  document.addEventListener("atlas:sent", () => (follows = true));
}

// What runs is counted from when this page first saw it; the server sends the true times.
const since = new Map();

function count() {
  for (const place of document.querySelectorAll(".line.working .seconds")) {
    const key = place.closest(".line").id;
    if (!since.has(key)) since.set(key, performance.now() - 1000 * Number(place.dataset.seconds));
    const seconds = Math.floor((performance.now() - since.get(key)) / 1000);
    place.textContent = seconds > 0 ? `${seconds} s` : "";
  }
}

setInterval(count, 500);

let wasWorking = false;

document.body.addEventListener("htmx:wsAfterMessage", () => {
  count();
  const isWorking = document.querySelector(".line.working") !== null;
  if (isWorking !== wasWorking) document.body.dispatchEvent(new CustomEvent("atlas:changed"));
  wasWorking = isWorking;
});
