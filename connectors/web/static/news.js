// What staff write to this conversation. Asked for from the first question on: each request waits at the service
// until there is something.

const ENDPOINT = "/chat/news";
const PAUSE_MS = 500;
const LONGER_PAUSE_MS = 20000;

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class News {
  // `ask(payload, title)` is called for a tapped choice.
  constructor(conversation, ask) {
    this.conversation = conversation;
    this.ask = ask;
    this.sender = "";
    this.after = 0;
  }

  // From now on, for this conversation: what comes after `this.after`. Calling it again changes nothing.
  async follow(sender) {
    if (this.sender) return;
    this.sender = sender;
    for (;;) await pause(await this._fetch());
  }

  // Milliseconds until the next request.
  async _fetch() {
    try {
      const response = await fetch(`${ENDPOINT}?sender=${this.sender}&after=${this.after}`);
      if (!response.ok) return LONGER_PAUSE_MS;
      for (const said of await response.json()) this._show(said);
      return PAUSE_MS;
    } catch (error) {
      return LONGER_PAUSE_MS; // no network: the next question says so
    }
  }

  _show(said) {
    this.after = said.id;
    this.conversation.addAssistant(said, this.ask);
    if (this.onNews) this.onNews();
  }
}
