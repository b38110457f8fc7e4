// Sends questions and other frames over the socket; without one, forms are sent the plain way.

import { send } from "./socket.js";

const box = document.getElementById("question");
// A longer one may not fit into a frame; the form's own way says how long it may be.
const LONGEST_TO_SEND = 16_000;
let sent = "";

function frameOf(form, submitter) {
  const { frame, run, conversation } = form.dataset;
  if (frame !== "ask") return { type: frame, run };
  const text = submitter?.name === "text" ? submitter.value : form.elements.text?.value;
  // A new conversation has an address of its own, so the browser goes there.
  const fits = text?.trim() && text.length <= LONGEST_TO_SEND;
  return conversation && fits ? { type: "ask", conversation, text } : null;
}

function addToken(form) {
  if (form.elements.csrfmiddlewaretoken) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "csrfmiddlewaretoken", value: headers["X-CSRFToken"] });
  form.append(input);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const frame = form.dataset.frame ? frameOf(form, event.submitter) : null;
  if (!frame || !send(frame)) {
    addToken(form);
    return;
  }
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("atlas:sent"));
  if (form.contains(box)) {
    sent = box.value;
    box.value = "";
    fit();
  } else if (event.submitter) {
    event.submitter.disabled = true;
    setTimeout(() => (event.submitter.disabled = false), 2000);
  }
});

function isWorking() {
  return document.querySelector("#composer-stop form") !== null;
}

// For browsers that do not size the box by its content themselves.
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  box.rows = Math.min(10, box.value.split("\n").length);
}

box?.addEventListener("input", fit);
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (box.value.trim() && !isWorking()) box.form.requestSubmit();
});

// The page of a question that was just asked elsewhere. Autofocus does nothing where the address
// has a hash, and going to the hash takes the focus away once more. Whoever has gone elsewhere in
// the meantime stays there.
function takeFocus() {
  if (document.activeElement === document.body) box.focus({ preventScroll: true });
}

if (box && isWorking() && location.hash) {
  addEventListener("load", () => requestAnimationFrame(takeFocus));
}

// A question that was not taken comes back into the box.
document.body.addEventListener("htmx:wsAfterMessage", () => {
  const problem = document.querySelector("#composer-problem .banner");
  if (!box || !sent) return;
  if (problem && !box.value) box.value = sent;
  if (problem || isWorking()) sent = "";
});
document.addEventListener("atlas:sent", () => {
  document.getElementById("composer-problem")?.replaceChildren();
});
