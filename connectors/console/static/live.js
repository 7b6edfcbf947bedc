// Helps for the live desk. Without this file it works, a little less comfortably.

const byId = (id) => document.getElementById(id);
const place = document.querySelector("[data-live]");
const lost = byId("lost");
const title = document.title;

// A page that asks every few seconds must not raise a box each time there is no network: a sentence is enough.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  place.addEventListener(name, (event) => {
    if (event.detail.requestConfig?.verb !== "get") return;
    event.stopPropagation();
    if (event.type !== "htmx:responseError" || event.detail.xhr.status >= 500) lost.hidden = false;
  });
}
place.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status < 400) lost.hidden = true;
});
// An answer that is no success would be put into the conversation; the next one is right again.
place.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400 || event.detail.requestConfig.verb !== "get") return;
  event.stopPropagation();
  event.detail.shouldSwap = false;
});

// How many wait is said when it changes, and stands in the tab's title.
function tellWaiting() {
  const shown = document.querySelector("[data-waiting]");
  if (!shown) return;
  const waiting = Number(shown.dataset.waiting);
  document.title = waiting ? `（${waiting}人等）${title}` : title;
  const words = waiting ? `${waiting} 位群众在等人工` : "";
  if (byId("waiting-told").textContent !== words) byId("waiting-told").textContent = words;
}

// The conversation stays at its end, unless somebody reads further up.
const talk = byId("talk");
let isAtEnd = true;
function toEnd() {
  if (talk && isAtEnd) talk.scrollTop = talk.scrollHeight;
}
talk?.addEventListener("scroll", () => {
  isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
});

place.addEventListener("htmx:afterSwap", () => {
  tellWaiting();
  toEnd();
});
tellWaiting();
toEnd();

// Fixed replies: a stroke and some of the name's characters narrow the list, Enter takes the first.
const NAMED = /(^|\n)\/([^\s/]*)$/;
const fixed = byId("fixed");
function narrowFixed(typed) {
  for (const one of fixed?.querySelectorAll("li") ?? []) one.hidden = !one.dataset.name.includes(typed);
}
place.addEventListener("input", (event) => {
  if (event.target.id !== "text" || !fixed) return;
  const named = event.target.value.match(NAMED);
  if (named) fixed.open = true;
  narrowFixed(named ? named[2] : "");
});
place.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || event.target.id !== "text") return;
  const first = fixed?.querySelector("li:not([hidden]) [data-put]");
  if (!first || !NAMED.test(event.target.value)) return;
  event.preventDefault();
  first.click();
});

// A suggested answer goes into the box, to be edited before it is sent.
place.addEventListener("click", (event) => {
  const put = event.target.closest("[data-put]");
  const box = byId("text");
  if (!put || !box) return;
  const before = box.value.replace(NAMED, "$1").trim();
  box.value = before ? `${before}\n${put.dataset.put}` : put.dataset.put;
  narrowFixed("");
  box.focus();
});
place.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.id !== "text") return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
