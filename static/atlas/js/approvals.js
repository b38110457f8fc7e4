// What cards do beyond their forms.

// A card may be drawn anew by the socket while a post is on its way: the answer goes to the new one.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.isConnected || !target.id) return;
  const drawn = document.getElementById(target.id);
  if (drawn) event.detail.target = drawn;
  else event.detail.shouldSwap = false;
});

// The box of a comment is kept when its card is drawn anew, so it is emptied here.
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest(".request-comments form");
  if (form && event.detail.successful) form.elements.text.value = "";
});
