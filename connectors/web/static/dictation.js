// "语音": press, say the question, press again; its words come into the question box, to be looked at and sent.
// After 14 s it stops by itself and writes what it heard; pressing again adds to it.

import { Sound, SoundError } from "./sound.js";

const MAX_FRAMES = 14 * 50;
const TROUBLE = "没有听成。请检查网络后再试，或者直接打字。";

export class Dictation {
  // `tell` shows what is going on, `trouble` what went wrong, `write` takes the words.
  constructor(button, { tell, trouble, write }) {
    Object.assign(this, { button, tell, trouble, write });
    this.sound = null;
    this.frames = [];
    button.addEventListener("click", () => (this.sound ? this.finish() : this.begin()));
  }

  async begin() {
    this.frames = [];
    const sound = new Sound({ onPlayed() {}, onSpeaking() {}, onMicrophoneLost: () => this.finish() });
    this.sound = sound;
    this._show("说完了", true);
    this.tell("正在打开麦克风……");
    try {
      await sound.open();
    } catch (error) {
      if (sound === this.sound) this._close();
      this.trouble(error instanceof SoundError ? error.message : TROUBLE);
      return;
    }
    if (sound !== this.sound) return sound.close();
    this.tell("正在听，请说话。说完按“说完了”。");
    sound.onFrame = (frame) => {
      this.frames.push(frame);
      if (this.frames.length >= MAX_FRAMES) this.finish();
    };
  }

  async finish() {
    if (!this.sound) return;
    const frames = this.frames;
    this._close();
    if (!frames.length) return;
    this.button.disabled = true;
    this.tell("正在写成字，请稍等……");
    try {
      const response = await fetch("/dictation", { method: "POST", body: new Blob(frames) });
      const body = await response.json();
      if (response.ok) this.write(body.text);
      else this.trouble(body.error.text);
    } catch (error) {
      this.trouble(TROUBLE);
    } finally {
      this.button.disabled = false;
      this.tell("");
    }
  }

  _close() {
    this.sound.close();
    this.sound = null;
    this.tell("");
    this._show("语音", false);
  }

  _show(text, isOn) {
    this.button.textContent = text;
    this.button.setAttribute("aria-pressed", String(isOn));
  }
}
