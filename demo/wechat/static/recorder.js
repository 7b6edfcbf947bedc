// One recording from the microphone, in whatever format the browser makes; the stand-in turns it into AMR.
export class Recorder {
  #recorder = null;
  #pieces = [];

  get active() { return this.#recorder !== null; }

  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    this.#pieces = [];
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.addEventListener("dataavailable", (event) => this.#pieces.push(event.data));
    this.#recorder.start();
  }

  async stop() {
    const recorder = this.#recorder;
    this.#recorder = null;
    const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.stop();
    recorder.stream.getTracks().forEach((track) => track.stop());
    await ended;
    return new Blob(this.#pieces, { type: recorder.mimeType });
  }
}
