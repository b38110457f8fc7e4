// Scrolls along while the reader is at the end, but never past the newest question; counts
// seconds, and tells the list of changes.

const NEAR = 80;
const ABOVE = 16;
const main = document.querySelector("body.chat #main");
const thread = document.getElementById("thread");
let follows = true;

// What waits for a decision has its buttons at its end.
function end() {
  const bottom = main.scrollHeight - main.clientHeight;
  const newest = thread.lastElementChild;
  if (!newest || newest.querySelector('.request[data-status="pending"]')) return bottom;
  return Math.min(bottom, newest.offsetTop - main.offsetTop - ABOVE);
}

function isAtEnd() {
  return main.scrollTop > end() - NEAR;
}

function toEnd() {
  main.scrollTop = end();
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
  const running = new Map();
  for (const place of document.querySelectorAll(".line.working .seconds")) {
    running.set(place.closest(".line").id, place);
  }
  // An answer that goes on later is counted from then: nobody worked on it in between.
  for (const key of since.keys()) {
    if (!running.has(key)) since.delete(key);
  }
  for (const [key, place] of running) {
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
