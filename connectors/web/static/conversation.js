// The conversation as it is seen: messages, their sources and choices. Text is only ever set as text, never as HTML.

const HOTLINE = document.documentElement.dataset.hotline;
const MINE = "您";
const SPOKEN = "您说";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// 《…》 around a document's title; marks inside it become 〈…〉, as Chinese print does.
function bracketed(title) {
  const inner = /^《[^《》]*》$/.test(title) ? title.slice(1, -1) : title;
  return "《" + inner.replace(/《/g, "〈").replace(/》/g, "〉") + "》";
}

function sourcesOf(sources) {
  const section = element("section", "sources");
  const list = element("ul");
  section.append(element("h3", "", "依据"), list);
  for (const source of sources) {
    const item = element("li");
    const place = source.url ? element("a") : element("span");
    if (source.url) Object.assign(place, { href: source.url, target: "_blank", rel: "noopener" }); // the conversation stays
    place.append(element("span", "doc-no", source.doc_no), " ", element("span", "clause", source.clause));
    place.append(element("br"), element("span", "title", bracketed(source.title)));
    if (source.url) place.append(element("span", "visually-hidden", "（在新页面打开原文）"));
    item.append(place);
    list.append(item);
  }
  return section;
}

const OPEN = "打开这个链接";
const AMBULANCE = "120"; // of conversations kept before they said what to dial

function linkTo({ title, url }) {
  const link = element("a", "open-link", title);
  return Object.assign(link, { href: url, target: "_blank", rel: "noopener" }); // the service makes it: http(s) only
}

// What stands below as a button is no row of letters in the text.
function withoutAddresses(text, links) {
  return links.reduce((shown, { title, url }) => shown.split(url).join(`按下面的“${title}”`), text);
}

// What a source on the page says of itself.
function sourceOf(item) {
  const link = item.querySelector("a");
  const words = (name) => item.querySelector(name).textContent;
  return { doc_no: words(".doc-no"), clause: words(".clause"), title: words(".title"), url: link ? link.href : "" };
}

function messageOf(message) {
  const all = (selector) => [...message.querySelectorAll(selector)];
  const link = (selector) => (message.querySelector(selector) || { href: "" }).href;
  return {
    isMine: message.classList.contains("citizen"),
    who: message.classList.contains("person") ? "agent" : "",
    isSpoken: message.querySelector(".who").textContent === SPOKEN,
    text: message.querySelector(".text").textContent,
    sources: all(".sources li").map(sourceOf),
    listen: link(".listen"),
    links: all(".open-link").map((one) => ({ title: one.textContent, url: one.getAttribute("href") })),
    dial: all(".dial").map((one) => one.getAttribute("href").replace("tel:", "")),
    buttons: all("button.choice").map((button) => ({ title: button.textContent.trim(), payload: button.value })),
  };
}

export class Conversation {
  constructor(log) {
    this.log = log;
  }

  // What the citizen typed, tapped, or was understood to say.
  addCitizen(text, isSpoken) {
    this._add("citizen", isSpoken ? SPOKEN : MINE, text);
  }

  // What was said until now, trouble and our first words left out: `show` shows it again.
  get said() {
    return [...this.log.querySelectorAll(".citizen, .assistant:not(.greeting)")].map(messageOf);
  }

  // What was said before, above what stands there now. Not read out again.
  restore(said, choose) {
    const later = [...this.log.querySelectorAll(".message:not(.greeting):not(.notice)")];
    this.isAloud = true;
    for (const one of said) {
      if (one.isMine) this.addCitizen(one.text, one.isSpoken);
      else this.addAssistant(one, choose);
    }
    this.log.append(...later);
    setTimeout(() => (this.isAloud = false));
  }

  // What the assistant, or a person of the staff, said: {text, who?, sources?, buttons?, listen?, links?,
  // dial?: [number]}.
  // `choose(payload, title)` is called for a tapped button.
  addAssistant(reply, choose) {
    const hasSources = reply.sources && reply.sources.length;
    // The lines with the sources are for channels that only show text; here the sources follow as a list.
    const links = reply.links || (reply.link ? [{ title: OPEN, url: reply.link }] : []);
    const written = hasSources ? reply.text.replace(/\n（依据：[^\n]*）(?=\n|$)/g, "") : reply.text;
    const text = withoutAddresses(written, links);
    const isPerson = reply.who === "agent";
    const message = this._add(isPerson ? "assistant person" : "assistant", isPerson ? "工作人员" : "医保助手", text);
    for (const number of reply.dial || (reply.emergency ? [AMBULANCE] : [])) {
      message.append(Object.assign(element("a", "dial", "拨打 " + number), { href: "tel:" + number }));
    }
    if (hasSources) message.append(sourcesOf(reply.sources));
    const after = element("div", "after");
    after.setAttribute("aria-live", "off"); // "停" must not be read over the voice that is reading
    for (const link of links) after.append(linkTo(link));
    if (reply.listen) {
      const listen = element("a", "listen", "念给我听");
      listen.href = reply.listen;
      after.append(listen);
    }
    for (const button of reply.buttons || []) {
      const choice = element("button", "choice", button.title);
      choice.type = "button";
      choice.value = button.payload;
      choice.addEventListener("click", () => choose(button.payload, button.title));
      after.append(choice);
    }
    if (after.childElementCount) message.append(after);
    return message;
  }

  // Something did not work: said once, with a way on. `retry` (optional) is offered as a button.
  addTrouble(text, retry) {
    for (const before of this.log.querySelectorAll(".trouble")) {
      if (before.firstChild.textContent === text && !before.querySelector("button")) before.remove();
    }
    const message = this._add("trouble", "", text);
    if (retry) {
      const again = element("button", "choice", "再试一次");
      again.type = "button";
      again.addEventListener("click", () => {
        message.remove();
        this.log.focus({ preventScroll: true }); // the button is gone: the keyboard stays here
        retry();
      });
      message.append(again);
    }
    const dial = element("a", "second-action", "打电话 " + HOTLINE);
    dial.href = "tel:" + HOTLINE;
    message.append(dial);
    this.show(message);
  }

  // During a call the voice is heard: a screen reader must not read the captions over it.
  set isAloud(isAloud) {
    this.log.setAttribute("aria-live", isAloud ? "off" : "polite");
  }

  showLast() {
    this.show(this.log.lastElementChild);
  }

  show(message) {
    message.scrollIntoView({ block: "nearest" });
  }

  _add(kind, who, text) {
    const message = element("article", "message " + kind);
    if (who) message.append(element("p", "who", who));
    message.append(element("p", "text", text));
    this.log.append(message);
    this.show(message);
    return message;
  }
}
