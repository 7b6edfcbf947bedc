// Plays 16 kHz PCM in the order it arrives, in a context that runs at 16 kHz.
//   in   {pcm: ArrayBuffer of int16}  {mark: id}  {flush: true}
//   out  {played: id} when the loudspeaker has reached that mark   {isSpeaking: true|false}

const QUIET_BLOCKS = 40; // 320 ms of nothing to play before we say that the assistant stopped speaking

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = []; // Float32Array (audio) or number (mark)
    this.offset = 0; // samples of queue[0] already played
    this.quietBlocks = QUIET_BLOCKS;
    this.port.onmessage = (event) => this.take(event.data);
  }

  take(message) {
    if (message.pcm) this.queue.push(Float32Array.from(new Int16Array(message.pcm), (sample) => sample / 32768));
    else if (message.flush) this.flush();
    else this.queue.push(message.mark);
  }

  // One block (8 ms) of what was playing is kept and faded, so that stopping does not click.
  flush() {
    const tail = new Float32Array(128);
    this.fill(tail, () => undefined);
    this.queue = [tail.map((sample, index) => sample * (1 - index / tail.length))];
    this.offset = 0;
  }

  // Move as much of the queue into `output` as fits; marks reached go to `reached`. Returns the samples written.
  fill(output, reached) {
    let written = 0;
    while (this.queue.length) {
      const head = this.queue[0];
      if (typeof head === "number") {
        reached(head);
        this.queue.shift();
        continue;
      }
      if (written === output.length) break;
      const part = head.subarray(this.offset, this.offset + output.length - written);
      output.set(part, written);
      written += part.length;
      this.offset += part.length;
      if (this.offset === head.length) {
        this.queue.shift();
        this.offset = 0;
      }
    }
    return written;
  }

  process(inputs, outputs) {
    const written = this.fill(outputs[0][0], (mark) => this.port.postMessage({ played: mark }));
    const wasSpeaking = this.quietBlocks < QUIET_BLOCKS;
    this.quietBlocks = written ? 0 : Math.min(this.quietBlocks + 1, QUIET_BLOCKS);
    const isSpeaking = this.quietBlocks < QUIET_BLOCKS;
    if (isSpeaking !== wasSpeaking) this.port.postMessage({ isSpeaking });
    return true;
  }
}

registerProcessor("player", Player);
