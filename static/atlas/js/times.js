// Shows every moment of a page in the reader's time zone; without this, the server's stands there.

const language = document.documentElement.lang || undefined;
const day = { year: "numeric", month: "short", day: "numeric" };
const hour = { hour: "numeric", minute: "2-digit" };
const forms = {
  exact: new Intl.DateTimeFormat(language, { ...day, ...hour, timeZoneName: "short" }),
  time: new Intl.DateTimeFormat(language, hour),
  day: new Intl.DateTimeFormat(language, day),
};

function localize(time) {
  const moment = new Date(time.getAttribute("datetime"));
  if (Number.isNaN(moment.getTime())) return;
  time.title = forms.exact.format(moment);
  const form = forms[time.dataset.shown];
  if (form) time.textContent = form.format(moment);
}

function localizeIn(root) {
  if (root.matches("time[datetime]")) localize(root);
  root.querySelectorAll("time[datetime]").forEach(localize);
}

localizeIn(document.body);

// Answers of forms and frames of the socket bring new ones, wherever they are put.
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) localizeIn(node);
    }
  }
}).observe(document.body, { childList: true, subtree: true });
