// Small helps for the staff's pages. Reading, searching, saving and deciding work as plain forms without this file.

const text = (id) => document.getElementById(id)?.textContent ?? "";

// Large print, remembered by this browser.
const large = document.getElementById("print-size");
function setLarge(on) {
  document.documentElement.classList.toggle("large", on);
  large?.setAttribute("aria-pressed", String(on));
}
setLarge(localStorage.getItem("console-large") === "yes");
large?.addEventListener("click", () => {
  const on = !document.documentElement.classList.contains("large");
  localStorage.setItem("console-large", on ? "yes" : "no");
  setLarge(on);
  reachScrolls();
});

// Typed and not saved: the browser asks before the page is left.
let typed = false;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (!form) return;
  typed = true;
  form.dataset.typed = "yes";
});
const isTypedElsewhere = (form) =>
  [...document.querySelectorAll("form[data-guard][data-typed]")].some((other) => other !== form);
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  const agrees =
    (!question || window.confirm(question)) &&
    (!isTypedElsewhere(event.target) || window.confirm("这一页别处写的字还没有保存，会丢掉。要继续吗？"));
  if (!agrees) {
    event.preventDefault();
    return;
  }
  typed = false;
});
// A second click while the first is on its way sends nothing; a download leaves the page, and its button, as they are.
const REST_MS = 3000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, REST_MS);
});

window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-remove]");
  if (remove) {
    remove.closest(remove.dataset.remove).remove();
    typed = true;
  }
});

// A clause that was looked for becomes a line of the field, and is named below it.
document.addEventListener("click", (event) => {
  const use = event.target.closest("[data-use]");
  if (!use) return;
  const box = document.getElementById(`${use.dataset.into}.clauses`);
  const lines = box.value.split("\n").filter((line) => line.trim());
  if (!lines.includes(use.dataset.use)) {
    box.value = [...lines, use.dataset.use].join("\n");
    const name = document.createElement("li");
    name.textContent = `${use.dataset.use}：${use.dataset.about}`;
    document.getElementById(`${use.dataset.into}.names`).append(name);
  }
  use.closest(".found").replaceChildren();
  box.focus();
  typed = true;
});

// Clauses of an upload: names are numbered in thousands, so that a part fits in between.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".clause");
  if (!row) return;
  if (event.target.matches("[data-split]")) splitClause(row);
  if (event.target.matches("[data-merge]")) mergeClause(row);
  if (event.target.matches("[data-set-aside]")) setAside(row, event.target.dataset.setAside);
});
const clauseText = (row) => row.querySelector("textarea");
function splitClause(row) {
  const box = clauseText(row);
  const at = box.selectionStart;
  if (at === 0 || at >= box.value.length) {
    window.alert("请先把光标放到正文里要分开的地方。");
    return;
  }
  const copy = row.cloneNode(true);
  const [, before, number] = box.name.match(/^(.*\.)(\d+)\.text$/);
  let next = Number(number) + 1;
  while (document.getElementsByName(`${before}${next}.text`).length) next += 1;
  for (const field of copy.querySelectorAll("[name], [id], [for]")) {
    for (const attribute of ["name", "id", "for"]) {
      const value = field.getAttribute(attribute);
      if (value) field.setAttribute(attribute, value.replace(`${before}${number}.`, `${before}${next}.`));
    }
  }
  clauseText(copy).value = box.value.slice(at).trim();
  box.value = box.value.slice(0, at).trim();
  const label = copy.querySelector("input[name$='.number']");
  label.value += "-2";
  row.after(copy);
  label.focus();
  typed = true;
}
function mergeClause(row) {
  const above = row.previousElementSibling;
  if (!above) {
    window.alert("这是第一条，上面没有可以并入的条款。");
    return;
  }
  clauseText(above).value += `\n${clauseText(row).value}`;
  row.remove();
  clauseText(above).focus();
  typed = true;
}
function setAside(row, name) {
  const boxes = document.querySelectorAll(`[data-others="${name}"] textarea`);
  const empty = [...boxes].find((box) => box.value.trim() === "") ?? boxes[boxes.length - 1];
  empty.value = `${empty.value}\n${clauseText(row).value}`.trim();
  empty.closest("details").open = true;
  row.remove();
  typed = true;
}

// The browser says "Choose file" in its own language: a button of ours stands before the field, which stays for the
// keyboard and for who does not see it.
for (const input of document.querySelectorAll("input[type=file]")) dressFile(input);
document.addEventListener("htmx:load", () => {
  for (const input of document.querySelectorAll("input[type=file]:not(.visually-hidden)")) dressFile(input);
  reachScrolls();
});
function dressFile(input) {
  const label = document.createElement("label");
  label.className = "button choose";
  label.htmlFor = input.id;
  label.textContent = "选择文件";
  label.setAttribute("aria-hidden", "true");
  const name = document.createElement("span");
  name.className = "chosen";
  name.textContent = " 还没有选";
  input.classList.add("visually-hidden");
  input.after(label, name);
  input.addEventListener("change", () => {
    name.textContent = ` ${input.files[0]?.name ?? "还没有选"}`;
  });
}

// What is wider than the screen is scrolled with the keyboard, too.
function reachScrolls() {
  for (const box of document.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else if (!box.querySelector(".plot")) box.removeAttribute("tabindex");
  }
}
reachScrolls();
window.addEventListener("resize", reachScrolls);

// A file that is too large is told before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.limit) return;
  const file = input.files[0];
  const tooLarge = file !== undefined && file.size > Number(input.dataset.limit);
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  if (tooLarge) input.reportValidity();
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector("progress");
  const said = event.target.querySelector("[data-progress]");
  if (!bar || !event.detail.lengthComputable) return;
  const percent = Math.round((100 * event.detail.loaded) / event.detail.total);
  bar.hidden = false;
  bar.value = percent;
  said.textContent = percent < 100 ? `已上传 ${percent}%` : "已上传，正在识别文件，请稍候……扫描件每页要几秒到半分钟，请不要关闭页面。";
});

// An answer that is no success still carries a page that says why: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
    event.detail.shouldSwap = true;
  }
});
// The session ended while something is being typed: the page must stay, or it would be lost.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || !typed) return;
  event.preventDefault();
  window.alert(text("expired-words"));
});
document.addEventListener("htmx:sendError", () => window.alert(text("offline-words")));
document.addEventListener("htmx:afterSwap", () => document.querySelector("[data-focus]")?.focus());
document.querySelector("[data-focus]")?.focus();

// The menu is folded on a narrow screen, and open on a wide one.
const menu = document.querySelector(".nav .menu");
if (menu && window.matchMedia("(max-width: 46rem)").matches) menu.open = false;

// Somebody begins to wait for a person: a tone, and a notice of the browser where it was allowed, on every page.
const ALERTS = "console-alerts";
let waitingBefore = Number(sessionStorage.getItem("console-waiting") ?? 0);
function tone() {
  const sound = new AudioContext();
  const note = sound.createOscillator();
  const volume = sound.createGain();
  volume.gain.value = 0.15;
  note.frequency.value = 660;
  note.connect(volume).connect(sound.destination);
  note.start();
  note.stop(sound.currentTime + 0.35);
  note.onended = () => sound.close();
}
function alertWaiting(waiting) {
  if (waiting > waitingBefore && localStorage.getItem(ALERTS) === "yes") {
    tone();
    if ("Notification" in window && Notification.permission === "granted") {
      new Notification("医保热线工作台", { body: `${waiting} 位群众在等人工`, tag: "waiting" });
    }
  }
  waitingBefore = waiting;
  sessionStorage.setItem("console-waiting", String(waiting));
}
document.addEventListener("htmx:afterSettle", () => {
  const desk = document.querySelector("[data-counts] [data-desk]");
  if (desk) alertWaiting(Number(desk.dataset.desk));
});
const alerts = document.getElementById("alerts");
function showAlerts() {
  const on = localStorage.getItem(ALERTS) === "yes";
  alerts.textContent = on ? "声音和桌面提醒：开着" : "打开声音和桌面提醒";
  alerts.setAttribute("aria-pressed", String(on));
}
if (alerts) {
  alerts.hidden = false;
  showAlerts();
  alerts.addEventListener("click", async () => {
    const on = localStorage.getItem(ALERTS) !== "yes";
    localStorage.setItem(ALERTS, on ? "yes" : "no");
    showAlerts();
    if (on) tone();
    if (on && "Notification" in window) await Notification.requestPermission();
  });
}

// What a page asks for by itself raises no box when there is no network, and does not send anybody to the login.
document.querySelector("[data-counts]")?.addEventListener("htmx:sendError", (event) => event.stopPropagation());

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
