// Opens forms that are pages of their own in a dialog instead.

const dialog = document.getElementById("dialog");

async function open(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  // Whoever is signed out is led to the page for that, which is no dialog.
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href);
    return;
  }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  dialog.replaceChildren(...parsed.body.childNodes);
  window.htmx?.process(dialog);
  dialog.showModal();
  const field = dialog.querySelector("input:not([type=hidden]), textarea, select");
  field?.focus();
  field?.select?.();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    link.closest("details.menu")?.removeAttribute("open");
    open(link);
  }
  if (event.target === dialog || (dialog?.open && event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
});
