// A call from the page: the microphone up and the assistant's voice down one websocket.
// The messages are described in connectors/web/call/line.py.

import { Sound, SoundError } from "./sound.js";

const MAX_UNSENT_BYTES = 32000; // one second; beyond it the network is too slow and old speech is worth nothing
const STATES = {
  connecting: "正在接通……",
  listening: "正在听，请说话",
  speaking: "正在说",
  ended: "已挂断",
};
const LOST = "通话断开了。请再按一次“按这里，说话提问”；也可以打电话。";

function callAddress() {
  const scheme = location.protocol === "https:" ? "wss://" : "ws://";
  return scheme + location.host + "/ws/call?encoding=pcm_s16le&rate_hz=16000";
}

export class Softphone {
  constructor(conversation, parts) {
    this.conversation = conversation;
    this.parts = parts;
    this.sound = null;
    this.socket = null;
    parts.call.addEventListener("click", () => this.dial());
    parts.hangUp.addEventListener("click", () => this.hangUp());
    parts.keypadToggle.addEventListener("click", () => this._toggleKeypad());
    parts.keypad.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this._press(button.dataset.key);
    });
    parts.panel.addEventListener("keydown", (event) => {
      if (/^[0-9*#]$/.test(event.key)) this._press(event.key);
    });
    window.addEventListener("pagehide", () => this.hangUp());
  }

  async dial() {
    if (this.sound) return;
    this._begin();
    const sound = new Sound({
      onPlayed: (id) => this._send({ type: "played", id }),
      onSpeaking: (isSpeaking) => {
        if (sound === this.sound) this._setState(isSpeaking ? "speaking" : "listening");
      },
      onMicrophoneLost: () => this.hangUp(),
    });
    this.sound = sound;
    try {
      await sound.open();
    } catch (error) {
      if (sound === this.sound) this._end(error instanceof SoundError ? error.message : LOST);
      return;
    }
    if (sound === this.sound) this._connect();
    else sound.close(); // hung up while the browser was asking for the microphone
  }

  hangUp() {
    if (!this.sound) return;
    this._send({ type: "hang_up" });
    this._end("");
  }

  _connect() {
    const socket = new WebSocket(callAddress());
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (socket !== this.socket) return;
      if (typeof data === "string") this._take(JSON.parse(data));
      else this.sound.play(data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this._end(LOST);
    };
    this.socket = socket;
  }

  _take(message) {
    if (message.type === "answered") this._answered();
    else if (message.type === "mark") this.sound.mark(message.id);
    else if (message.type === "flush") this.sound.flush();
    else if (message.type === "caption") this._caption(message);
    else if (message.type === "ended") this._end(message.text);
  }

  _answered() {
    const socket = this.socket;
    this._setState("listening");
    this.sound.onFrame = (frame) => {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < MAX_UNSENT_BYTES) socket.send(frame);
    };
  }

  _caption({ who, text, dial }) {
    if (who === "caller") this.conversation.addCitizen(text, true);
    else this.conversation.addAssistant({ text, dial });
  }

  _press(key) {
    this._send({ type: "digit", key });
  }

  _send(message) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  _begin() {
    this.conversation.isAloud = true;
    this.parts.panel.hidden = false;
    this.parts.hangUp.hidden = this.parts.keypadToggle.hidden = false;
    this.parts.call.disabled = true;
    this._setState("connecting");
    this.parts.panel.scrollIntoView({ block: "nearest" });
    this.parts.hangUp.focus();
  }

  // `trouble` is a sentence for the caller, empty after an ordinary end.
  _end(trouble) {
    const { sound, socket } = this;
    this.sound = this.socket = null;
    sound.close();
    if (socket) socket.close();
    this._setState("ended");
    this.parts.hangUp.hidden = this.parts.keypadToggle.hidden = this.parts.keypad.hidden = true;
    this.parts.keypadToggle.setAttribute("aria-expanded", "false");
    this.parts.call.disabled = false;
    this.parts.call.focus();
    this.conversation.isAloud = false;
    if (trouble) this.conversation.addTrouble(trouble);
  }

  _toggleKeypad() {
    const isOpen = this.parts.keypad.hidden;
    this.parts.keypad.hidden = !isOpen;
    this.parts.keypadToggle.setAttribute("aria-expanded", String(isOpen));
    this.conversation.showLast();
  }

  _setState(state) {
    this.parts.panel.classList.toggle("over", state === "ended");
    this.parts.state.dataset.state = state;
    this.parts.state.textContent = STATES[state];
  }
}
