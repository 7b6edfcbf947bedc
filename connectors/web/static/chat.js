// Typed questions: one at a time to the chat endpoint, the answers into the conversation.

const ENDPOINT = "/webhooks/rest/webhook";
const TIMEOUT_MS = 25000;
const NO_NETWORK = "没有连上医保热线。请检查网络后再试，或者拨打 12393。";

// Works on insecure pages too, where crypto.randomUUID does not exist.
function newConversationId() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return "web-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
    return { trouble: NO_NETWORK, mayRetry: true };
  } finally {
    clearTimeout(timer);
  }
}

export class Chat {
  constructor(conversation, parts) {
    this.conversation = conversation;
    this.parts = parts;
    this.sender = newConversationId();
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
    this._deliver(text);
  }

  async _deliver(text) {
    this._setWaiting(true);
    const answer = await post({ sender: this.sender, message: text });
    this._setWaiting(false);
    if (answer.trouble) {
      this.conversation.addTrouble(answer.trouble, answer.mayRetry ? () => this._deliver(text) : null);
      return;
    }
    const shown = answer.replies.map((reply) =>
      this.conversation.addAssistant(reply, (payload, title) => this.ask(payload, title)));
    if (shown.length) this.conversation.show(shown[0]);
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
