// Reads the open list of who takes part again when somebody came, left, or got another right.

async function refresh() {
  const people = document.getElementById("people");
  if (!people) return;
  const answer = await fetch(people.dataset.address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = parsed.querySelector(".people");
  const shown = document.querySelector("#people .people");
  // What is typed into the form beside the list stays.
  if (!fresh || !shown) return;
  shown.replaceChildren(...fresh.childNodes);
  window.htmx?.process(shown);
}

document.body.addEventListener("htmx:oobAfterSwap", ({ target }) => {
  if (target.id === "people-news") refresh();
});
