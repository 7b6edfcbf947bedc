// The page as a phone: what is pressed goes to the stand-in, what the phone shows comes from it.
import { Recorder } from "/static/recorder.js";

const openid = myOpenid();
const at = (id) => document.getElementById(id);
const chat = at("chat"), text = at("text"), status = at("status"), more = at("more");
let last = 0;

function myOpenid() {
  let known = null;
  try { known = localStorage.getItem("openid"); } catch { /* private windows keep nothing */ }
  if (!known || !/^o[\w-]{10,40}$/.test(known)) {
    const bytes = crypto.getRandomValues(new Uint8Array(13));
    known = "o" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    try { localStorage.setItem("openid", known); } catch { /* this visit only */ }
  }
  return known;
}

async function press(what, body) {
  const isFile = body instanceof Blob;
  const response = await fetch(`/phone/${openid}/${what}`, {
    method: "POST",
    headers: isFile ? {} : { "Content-Type": "application/json" },
    body: isFile ? body : JSON.stringify(body),
  }).catch(() => null);
  const answer = response ? await response.json().catch(() => ({})) : {};
  say(!response ? "没有连上演示程序，请看它是否还在运行。" : answer.error || "");
}

function say(sentence) { status.textContent = sentence; }

async function follow() {
  for (;;) {
    try {
      const response = await fetch(`/phone/${openid}/messages?after=${last}`);
      for (const shown of await response.json()) { show(shown); last = shown.number; }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function show({ who, kind, text: words, media }) {
  const box = document.createElement("div");
  box.className = who === "system" || who === "notice" ? who : `bubble ${who} ${kind}`;
  if (who === "notice") {
    const title = document.createElement("h2");
    title.textContent = "服务通知";
    box.append(title);
  }
  if (kind === "image") {
    const picture = document.createElement("img");
    picture.src = `/phone/${openid}/media/${media}`;
    picture.alt = "您发的图片";
    box.append(picture);
  } else {
    const prefix = kind === "voice" ? "语音 " : kind === "location" ? "位置：" : "";
    box.append(...linked(prefix + words));
  }
  chat.append(box);
  chat.scrollTop = chat.scrollHeight;
}

// WeChat shows two things as links: an address, and <a href="…">words</a>. Everything else is text, also other tags.
const LINKS = /<a href="(https?:\/\/[^"<>\s]+)">([^<]*)<\/a>|(https?:\/\/[\w\-./?=&%#:+~]+)/g;

function linked(words) {
  const parts = [];
  let from = 0;
  for (const found of words.matchAll(LINKS)) {
    const link = document.createElement("a");
    link.href = found[1] ?? found[3];
    link.textContent = found[2] ?? found[3];
    link.target = "_blank";
    link.rel = "noopener";
    parts.push(document.createTextNode(words.slice(from, found.index)), link);
    from = found.index + found[0].length;
  }
  return [...parts, document.createTextNode(words.slice(from))];
}

async function showMenu() {
  const { button: columns } = await (await fetch("/menu")).json();
  if (!columns) { setTimeout(showMenu, 2000); return; }
  at("menu").replaceChildren(...columns.map(column));
}

function column({ name, sub_button: entries }) {
  const box = document.createElement("div"), head = document.createElement("button"), list = document.createElement("ul");
  head.type = "button";
  head.textContent = `≡ ${name}`;
  head.setAttribute("aria-expanded", "false");
  list.hidden = true;
  head.addEventListener("click", () => {
    const open = list.hidden;
    closeMenus();
    toggleMore(false);
    list.hidden = !open;
    head.setAttribute("aria-expanded", String(open));
  });
  list.append(...entries.map(({ name: label, key }) => {
    const entry = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { closeMenus(); press("click", { key }); });
    entry.append(button);
    return entry;
  }));
  box.append(head, list);
  return box;
}

function closeMenus() {
  for (const list of document.querySelectorAll(".menu ul")) list.hidden = true;
  for (const head of document.querySelectorAll(".menu [aria-expanded]")) head.setAttribute("aria-expanded", "false");
}

function toggleMore(open = more.hidden) {
  more.hidden = !open;
  at("plus").setAttribute("aria-expanded", String(open));
}

at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  press("text", { text: words });
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at("write").requestSubmit(); }
});
at("plus").addEventListener("click", () => { closeMenus(); toggleMore(); });
new ResizeObserver(() => { chat.scrollTop = chat.scrollHeight; }).observe(chat);
for (const [id, what] of [["picture", "image"], ["recording", "voice"]]) {
  at(id).addEventListener("change", () => {
    const [file] = at(id).files;
    if (file) press(what, file);
    at(id).value = "";
    toggleMore(false);
  });
}
at("place").addEventListener("click", () => { toggleMore(false); press("location", { latitude: 35.415, longitude: 116.587, label: "济宁市任城区" }); });
at("agree").addEventListener("click", () => { toggleMore(false); press("consent", { agree: true }); });
at("leave").addEventListener("click", () => { toggleMore(false); press("event", { event: "unsubscribe" }); });
at("follow").addEventListener("click", () => { toggleMore(false); press("event", { event: "subscribe" }); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") { closeMenus(); toggleMore(false); } });
chat.addEventListener("click", closeMenus);

const recorder = new Recorder();
at("speak").addEventListener("click", async () => {
  try {
    if (recorder.active) {
      at("speak").disabled = true;
      press("voice", await recorder.stop());
    } else {
      await recorder.start();
      say("正在录音，说完再按一下。");
    }
  } catch {
    say("用不了麦克风。按“＋”可以发录音文件。");
  } finally {
    at("speak").disabled = false;
    at("speak").setAttribute("aria-pressed", String(recorder.active));
    at("speak").textContent = recorder.active ? "说完了" : "说话";
  }
});

showMenu();
follow();
// A new phone first follows the account, as one does in WeChat.
if (!(await (await fetch(`/phone/${openid}/known`)).json()).known) press("event", { event: "subscribe" });
