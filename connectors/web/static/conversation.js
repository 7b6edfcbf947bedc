// The conversation as it is seen: messages, their sources and choices. Text is only ever set as text, never as HTML.

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
    item.append(element("span", "doc-no", source.doc_no), " ", element("span", "clause", source.clause));
    item.append(element("br"), element("span", "title", bracketed(source.title)));
    list.append(item);
  }
  return section;
}

export class Conversation {
  constructor(log) {
    this.log = log;
  }

  // What the citizen typed, tapped, or was understood to say.
  addCitizen(text, isSpoken) {
    this._add("citizen", isSpoken ? "您说" : "您", text);
  }

  // What the assistant said: {text, sources?, buttons?}. `choose(payload, title)` is called for a tapped button.
  addAssistant(reply, choose) {
    const hasSources = reply.sources && reply.sources.length;
    // The source line closes the text for channels that only show text; here the sources follow as a list.
    const text = hasSources ? reply.text.replace(/\n（依据：[^\n]*）$/, "") : reply.text;
    const message = this._add("assistant", "医保助手", text);
    if (hasSources) message.append(sourcesOf(reply.sources));
    for (const button of reply.buttons || []) {
      const choice = element("button", "choice", button.title);
      choice.type = "button";
      choice.addEventListener("click", () => choose(button.payload, button.title));
      message.append(choice);
    }
    return message;
  }

  // Something did not work; `retry` (optional) is offered as a button.
  addTrouble(text, retry) {
    const message = this._add("trouble", "", text);
    if (!retry) return;
    const again = element("button", "choice", "再试一次");
    again.type = "button";
    again.addEventListener("click", () => {
      message.remove();
      retry();
    });
    message.append(again);
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
