// Pages that are read: they work without this; it opens a clause in view, reads aloud, and asks in the conversation that
// the tab has already; files are sent once.

import { handOver } from "./kept.js";
import { wireListening } from "./listening.js";
import { wireViews } from "./views.js";

document.documentElement.classList.add("script");
wireViews();
wireListening(document.body);
const opened = document.querySelector(".clause.opened");
if (opened) {
  opened.scrollIntoView();
  opened.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll("form[action^='/talk'] button[name=message]")) {
  button.addEventListener("click", (event) => {
    if (!handOver(button.value)) return;
    event.preventDefault();
    location.assign("/");
  });
}

for (const form of document.querySelectorAll("form[enctype]")) {
  const button = form.querySelector("button");
  const words = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.textContent !== words) event.preventDefault();
    button.textContent = "正在交，请不要关上这一页……";
  });
  addEventListener("pageshow", () => (button.textContent = words));
}
