// Wires the page together: print size, chat, softphone. Without this module the page shows the number to dial.

import { Chat } from "./chat.js";
import { Conversation } from "./conversation.js";
import { Softphone } from "./softphone.js";

const root = document.documentElement;
const byId = (id) => document.getElementById(id);

function wirePrintSize(button) {
  const show = () => button.setAttribute("aria-pressed", String(root.classList.contains("large")));
  show();
  button.addEventListener("click", () => {
    const isLarge = root.classList.toggle("large");
    try {
      window.localStorage.setItem("print-size", isLarge ? "large" : "normal");
    } catch (error) {
      // Storage is switched off: the choice then lasts for this page only.
    }
    show();
  });
}

wirePrintSize(byId("print-size"));

const conversation = new Conversation(byId("log"));
const chat = new Chat(conversation, {
  form: byId("composer"),
  question: byId("question"),
  send: byId("send"),
  waiting: byId("waiting"),
});
byId("quick").addEventListener("click", (event) => {
  const choice = event.target.closest("button");
  if (choice) chat.ask(choice.textContent);
});

new Softphone(conversation, {
  call: byId("call"),
  panel: byId("call-panel"),
  state: byId("call-state"),
  hangUp: byId("hang-up"),
  keypad: byId("keypad"),
  keypadToggle: byId("keypad-toggle"),
});

root.classList.add("script");
