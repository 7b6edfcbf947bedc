// The browser's sound for one call: microphone frames out, assistant's audio in. Throws SoundError with a sentence.

const RATE_HZ = 16000;
const INSTEAD = "还不行，就请打字，或者打电话。";

export class SoundError extends Error {}

const REFUSALS = {
  NotAllowedError: "手机没有让这个网页用麦克风。请再按一次，手机问“允许使用麦克风吗”，就选“允许”。",
  NotFoundError: "没有找到麦克风。请插好耳机或者麦克风，再按一次。",
  NotReadableError: "麦克风正被别的程序用着。请关掉那个程序，再按一次。",
};

async function openMicrophone() {
  if (!window.isSecureContext) {
    throw new SoundError("从这个网址进来，不能用麦克风。请打字，或者打电话。"); // not https
  }
  if (!navigator.mediaDevices || !window.AudioWorkletNode) {
    throw new SoundError("您这个浏览器不能在网页里说话。请打字，或者打电话。");
  }
  const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw new SoundError((REFUSALS[error.name] || "麦克风打不开，请再按一次。") + INSTEAD);
  }
}

export class Sound {
  // Must be made inside a click: browsers keep sound silent otherwise. May throw on very old browsers.
  constructor({ onPlayed, onSpeaking, onMicrophoneLost }) {
    this.handlers = { onPlayed, onSpeaking, onMicrophoneLost };
    this.onFrame = null; // set it to start receiving the microphone's frames
    this.contexts = [];
    this.stream = null;
    if (window.AudioContext) this.context = this._newContext({ sampleRate: RATE_HZ });
  }

  async open() {
    this.stream = await openMicrophone();
    this.stream.getAudioTracks()[0].addEventListener("ended", this.handlers.onMicrophoneLost);
    await this._startPlayer();
    await this._startMicrophone();
  }

  play(pcm) {
    this.player.port.postMessage({ pcm }, [pcm]);
  }

  mark(id) {
    this.player.port.postMessage({ mark: id });
  }

  flush() {
    this.player.port.postMessage({ flush: true });
  }

  close() {
    this.onFrame = null;
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.contexts.forEach((context) => context.close());
    this.contexts = [];
  }

  _newContext(options) {
    const context = new AudioContext(options);
    this.contexts.push(context);
    context.resume();
    return context;
  }

  async _startPlayer() {
    await this.context.audioWorklet.addModule("/assets/web/player_worklet.js");
    this.player = new AudioWorkletNode(this.context, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.player.port.onmessage = ({ data }) => {
      if ("played" in data) this.handlers.onPlayed(data.played);
      else this.handlers.onSpeaking(data.isSpeaking);
    };
    this.player.connect(this.context.destination);
  }

  async _startMicrophone() {
    const source = this._microphoneSource();
    await source.context.audioWorklet.addModule("/assets/web/microphone_worklet.js");
    const microphone = new AudioWorkletNode(source.context, "microphone", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    microphone.port.onmessage = ({ data }) => {
      if (this.onFrame) this.onFrame(data.frame);
    };
    source.connect(microphone);
  }

  // Firefox cannot bring a microphone of another rate into a 16 kHz context; then it gets one at its own rate.
  _microphoneSource() {
    try {
      return this.context.createMediaStreamSource(this.stream);
    } catch (error) {
      return this._newContext({}).createMediaStreamSource(this.stream);
    }
  }
}
