// Keeps one socket open, says which events the page has, and sends frames.

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 4000;
const SIGNED_OUT = 4401;
// A frame with more is refused; the newest are at the end.
const MOST_CARDS = 100;
const TOO_MANY = 4429;
// After these the websocket extension opens another one by itself.
const REOPENED = [1006, 1011, 1012, 1013];

let connection = null;

htmx.createWebSocket = (url) => new WebSocket(url, ["atlas.html"]);
htmx.config.wsReconnectDelay = (tries) =>
  Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries) * (0.5 + Math.random() / 2);

function watched() {
  const after = {};
  for (const mark of document.querySelectorAll("[data-run][data-seq]")) {
    after[mark.dataset.run] = Number(mark.dataset.seq);
  }
  const requests = {};
  const cards = [...document.querySelectorAll("article.request[data-mark]")];
  for (const card of cards.slice(-MOST_CARDS)) {
    requests[card.id.replace("request-", "")] = card.dataset.mark;
  }
  const conversation = document.getElementById("main")?.dataset.conversation || null;
  const queue = document.getElementById("approvals-list")?.dataset.queue || null;
  const may_ask = conversation ? document.getElementById("question-form") !== null : null;
  return { type: "watch", conversation, after, requests, queue, may_ask };
}

// True when the frame is on its way; otherwise the form is sent the plain way.
export function send(frame) {
  if (!connection) return false;
  connection.send(JSON.stringify(frame));
  return true;
}

function showLost(isLost) {
  const line = document.getElementById("connection");
  if (line) line.hidden = !isLost;
}

let lostTimer;
let refusals = 0;

// Rights changed: a session that still holds opens another socket, any other is shown the login.
function comeBack(wrapper) {
  refusals += 1;
  if (refusals > 1) location.reload();
  else setTimeout(() => wrapper.reconnect(), FIRST_PAUSE * Math.random());
}

document.body.addEventListener("htmx:wsOpen", (event) => {
  connection = event.detail.socketWrapper;
  clearTimeout(lostTimer);
  showLost(false);
  send(watched());
  setTimeout(() => (refusals = 0), LONGEST_PAUSE);
});

document.body.addEventListener("htmx:wsClose", (event) => {
  connection = null;
  const { event: close, socketWrapper: wrapper } = event.detail;
  if (close.code === SIGNED_OUT) {
    comeBack(wrapper);
  } else if (close.code !== TOO_MANY) {
    clearTimeout(lostTimer);
    lostTimer = setTimeout(showLost, 1500, true);
    if (!REOPENED.includes(close.code)) setTimeout(() => wrapper.reconnect(), LONGEST_PAUSE / 2);
  }
});
