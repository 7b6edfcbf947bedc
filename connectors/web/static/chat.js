// Typed questions: one at a time to the chat endpoint, the answers into the conversation.

const ENDPOINT = "/webhooks/rest/webhook";
const TIMEOUT_MS = 25000;
const NO_NETWORK = "没有收到回答。请看看手机有没有网，再按“再试一次”；也可以打电话。";
const NO_ANSWER = "还没有答上来。请过一会儿，再按“再试一次”；也可以打电话。";
const NOT_ANSWERED = "上面这句话还没有收到回答。请按“再试一次”；也可以打电话。";
const TO_PERSON = "已经发给工作人员，请等回复。";

// Works on insecure pages too, where crypto.randomUUID does not exist.
function newId() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post(message) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message),
      signal: abort.signal,
    });
    const body = await response.json();
    if (response.ok) return { replies: body };
    return { trouble: body.error.text, mayRetry: response.status >= 429 };
  } catch (error) {
    const isAway = error instanceof TypeError; // else it took too long, or somebody in between answered for the service
    return { trouble: isAway ? NO_NETWORK : NO_ANSWER, mayRetry: true };
  } finally {
    clearTimeout(timer);
  }
}

export class Chat {
  constructor(conversation, parts) {
    this.conversation = conversation;
    this.parts = parts;
    this.sender = parts.form.elements.conversation.value; // the service names it, also for the forms
    this.pending = null; // {id, text} of what was not answered yet
    this.isWaiting = false;
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    parts.question.addEventListener("keydown", (event) => this._keyDown(event));
    parts.question.addEventListener("input", () => this._fit());
  }

  // Ask `text`; the conversation shows `title` instead where a button stands for a longer payload.
  ask(text, title) {
    if (this.isWaiting) return;
    this.conversation.addCitizen(title || text);
    this._deliver({ id: newId(), text });
  }

  // What was asked before the page was left, and not answered.
  resume(pending) {
    this.pending = pending;
    this.conversation.addTrouble(NOT_ANSWERED, () => this._deliver(pending));
  }

  // Words that were spoken go behind what stands in the box, to be looked at before they are sent.
  write(text) {
    const { question } = this.parts;
    question.value = (question.value + text).slice(0, question.maxLength);
    this._fit();
  }

  async _deliver(message) {
    this.pending = message;
    if (this.onAsk) this.onAsk(); // somebody may answer later: see news.js
    this._setWaiting(true);
    // The same id when it is tried again: what was answered already is not asked a second time.
    const answer = await post({ sender: this.sender, message: message.text, metadata: { message_id: message.id } });
    this._setWaiting(false);
    if (answer.trouble) {
      this.conversation.addTrouble(answer.trouble, answer.mayRetry ? () => this._deliver(message) : null);
      if (!answer.mayRetry) this.pending = null;
    } else {
      this.pending = null;
      this._show(answer.replies);
    }
    if (this.onAnswer) this.onAnswer();
  }

  _show(replies) {
    const shown = replies.map((reply) =>
      this.conversation.addAssistant(reply, (payload, title) => this.ask(payload, title)));
    if (shown.length) this.conversation.show(shown[0]);
    else this.parts.waiting.textContent = TO_PERSON;
  }

  _submit() {
    const text = this.parts.question.value.trim();
    if (!text || this.isWaiting) return;
    this.parts.question.value = "";
    this._fit();
    this.ask(text);
    this.parts.question.focus();
  }

  // Enter sends, Shift+Enter breaks the line; Enter that picks a word in an input method (keyCode 229) does neither.
  _keyDown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this._submit();
  }

  _fit() {
    const { question } = this.parts;
    question.style.height = "auto";
    question.style.height = question.scrollHeight + question.offsetHeight - question.clientHeight + "px";
  }

  _setWaiting(isWaiting) {
    this.isWaiting = isWaiting;
    this.parts.waiting.textContent = isWaiting ? "正在查文件，请稍等……" : "";
    this.parts.form.setAttribute("aria-busy", String(isWaiting));
    this.parts.send.setAttribute("aria-disabled", String(isWaiting));
  }
}
