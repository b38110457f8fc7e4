// What cards do beyond their forms.

// The socket may draw a card anew while a post is on its way: the answer goes to the new one.
function toDrawn(event) {
  const { target } = event.detail;
  if (target.isConnected) return;
  const drawn = document.getElementById(target.id);
  if (drawn) event.detail.target = drawn;
  else event.detail.shouldSwap = false;
}

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  // On the card itself: what is not in the page any more has no body to hear it.
  if (detail.target.matches("article.request")) {
    detail.target.addEventListener("htmx:beforeSwap", toDrawn, { once: true });
  }
});

// A card that says what its plugin could not do takes its place. The page of a server that is down
// has no such element.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, serverResponse, xhr } = detail;
  if (xhr.status >= 500 && target.id && serverResponse.includes(`id="${target.id}"`)) {
    detail.shouldSwap = true;
  }
});

// The box of a comment is kept when its card is drawn anew, so it is emptied here.
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest(".request-comments form");
  if (form && event.detail.successful) form.elements.text.value = "";
});
