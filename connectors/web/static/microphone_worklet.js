// Cuts the microphone into frames of 20 ms of 16 kHz PCM: {frame: ArrayBuffer of 320 int16}.
// Where the browser cannot run the microphone at 16 kHz (Firefox), resamples with a windowed sinc.

const RATE_HZ = 16000;
const FRAME_SAMPLES = 320;
const HALF_WIDTH = 16; // zero crossings of the sinc on each side
const PHASES = 128;

class Resampler {
  constructor(fromHz) {
    this.step = fromHz / RATE_HZ; // input samples per output sample
    this.reach = Math.ceil(HALF_WIDTH * Math.max(1, this.step));
    this.position = this.reach; // of the next output sample, in `input`
    this.input = new Float32Array(this.reach);
    this.kernel = this.makeKernel();
  }

  // kernel[phase * width + tap]: low-pass at 95 % of the lower of the two half rates, Blackman window.
  makeKernel() {
    const width = 2 * this.reach;
    const kernel = new Float32Array(PHASES * width);
    const cutoff = 0.95 * Math.min(1, 1 / this.step);
    for (let phase = 0; phase < PHASES; phase++) {
      for (let tap = 0; tap < width; tap++) {
        const at = tap - this.reach + 1 - phase / PHASES;
        const angle = Math.PI * at / this.reach;
        const window = 0.42 + 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
        const sinc = at === 0 ? 1 : Math.sin(Math.PI * cutoff * at) / (Math.PI * cutoff * at);
        kernel[phase * width + tap] = Math.abs(at) < this.reach ? cutoff * sinc * window : 0;
      }
    }
    return kernel;
  }

  run(block) {
    const input = new Float32Array(this.input.length + block.length);
    input.set(this.input);
    input.set(block, this.input.length);
    const output = [];
    while (Math.floor(this.position) + this.reach < input.length) {
      output.push(this.sampleAt(input));
      this.position += this.step;
    }
    const used = Math.max(0, Math.floor(this.position) - this.reach);
    this.input = input.slice(used);
    this.position -= used;
    return output;
  }

  sampleAt(input) {
    const base = Math.floor(this.position);
    const width = 2 * this.reach;
    const row = Math.floor((this.position - base) * PHASES) * width;
    let sum = 0;
    for (let tap = 0; tap < width; tap++) sum += this.kernel[row + tap] * input[base - this.reach + 1 + tap];
    return sum;
  }
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === RATE_HZ ? null : new Resampler(sampleRate);
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
  }

  process(inputs) {
    const block = inputs[0][0];
    if (block) (this.resampler ? this.resampler.run(block) : block).forEach((sample) => this.take(sample));
    return true;
  }

  take(sample) {
    this.frame[this.filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
    if (this.filled < FRAME_SAMPLES) return;
    this.port.postMessage({ frame: this.frame.buffer }, [this.frame.buffer]);
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
  }
}

registerProcessor("microphone", Microphone);
