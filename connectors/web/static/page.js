// Wires the front page together: print, chat, buttons, reading aloud, softphone. Without this module the forms work.

import { Chat } from "./chat.js";
import { Conversation } from "./conversation.js";
import { forget, handedOver, keep, recalled } from "./kept.js";
import { Dictation } from "./dictation.js";
import { stopReading, wireListening } from "./listening.js";
import { News } from "./news.js";
import { Softphone } from "./softphone.js";
import { wireViews } from "./views.js";

const ANEW = "清除对话，重新开始";
const ANEW_SURE = "对话会没有的。真要清除，再按一次";

const byId = (id) => document.getElementById(id);

wireViews();

const conversation = new Conversation(byId("log"));
const question = byId("question");
const waiting = byId("waiting");
const chat = new Chat(conversation, { form: byId("composer"), question, send: byId("send"), waiting });
const choose = (payload, title) => chat.ask(payload, title);
const news = new News(conversation, choose);
news.after = Number(byId("log").dataset.heard);
chat.onAsk = () => {
  news.follow(chat.sender);
  keepAll();
};
chat.onAnswer = keepAll;
news.onNews = () => {
  waiting.textContent = "";
  keepAll();
};

let isCleared = false;

function keepAll() {
  if (isCleared) return;
  const { said } = conversation;
  Object.assign(byId("anew"), { hidden: !said.length, textContent: ANEW });
  if (said.length || question.value) {
    keep({ sender: chat.sender, heard: news.after, draft: question.value, pending: chat.pending, said });
  }
}

// The big buttons and the common questions are forms of their own; here they ask without leaving the page.
for (const form of document.querySelectorAll("form.asks")) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=message]");
    if (!button) return;
    event.preventDefault();
    chat.ask(button.value, button.className === "ask" ? button.value : button.textContent);
  });
}

wireListening(byId("log"));
new Softphone(conversation, {
  call: byId("call"),
  panel: byId("call-panel"),
  state: byId("call-state"),
  hangUp: byId("hang-up"),
  keypad: byId("keypad"),
  keypadToggle: byId("keypad-toggle"),
});
byId("call").addEventListener("click", stopReading);

if (byId("dictate")) {
  new Dictation(byId("dictate"), {
    tell: (text) => {
      stopReading();
      waiting.textContent = text;
    },
    trouble: (text) => conversation.addTrouble(text),
    write: (text) => {
      chat.write(text);
      question.focus();
    },
  });
}

// The page as it was left; a conversation that came by a form without scripts goes before what was kept.
const kept = recalled();
const isByForm = conversation.said.length > 0;
if (kept && (!isByForm || kept.sender === chat.sender)) {
  chat.sender = kept.sender;
  news.after = Math.max(news.after, kept.heard);
  if (!isByForm) conversation.restore(kept.said, choose);
  if (!question.value) chat.write(kept.draft);
  if (kept.pending && !isByForm) chat.resume(kept.pending);
}
if (conversation.said.length) {
  news.follow(chat.sender);
  conversation.showLast();
}
keepAll();

const asked = handedOver();
if (asked) chat.ask(asked);

byId("anew").addEventListener("click", ({ currentTarget: button }) => {
  if (button.textContent !== ANEW_SURE) return (button.textContent = ANEW_SURE);
  isCleared = true;
  forget();
  location.assign("/");
});
addEventListener("pagehide", keepAll);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepAll();
});

const newest = byId("newest");
if (newest) newest.scrollIntoView();

document.documentElement.classList.add("script");
