// "念给我听": the service's own voice reads an answer, sentence by sentence. One at a time; pressing again stops it.
// Where a browser cannot do it, the link opens the audio by itself.

const AudioContextClass = window.AudioContext || window.webkitAudioContext;
const READ = "念给我听";
const STOP = "停";
const TROUBLE = "现在念不出声，请看屏幕";

let context = null;
let current = null;

async function fetchPart(url, part) {
  const response = await fetch(url + "?part=" + part);
  if (!response.ok) throw new Error("not spoken");
  const parts = Number(response.headers.get("Speech-Parts")) || 1;
  const bytes = await response.arrayBuffer();
  // With callbacks: older Safari gives no promise.
  const audio = await new Promise((resolve, reject) => context.decodeAudioData(bytes, resolve, reject));
  return { audio, parts };
}

class Reading {
  constructor(link) {
    this.link = link;
    this.isOver = false;
    this.source = null;
  }

  async run() {
    this._show(STOP, true);
    try {
      let next = fetchPart(this.link.href, 0);
      for (let part = 0, parts = 1; part < parts && !this.isOver; part++) {
        const made = await next;
        parts = made.parts;
        if (part + 1 < parts) {
          next = fetchPart(this.link.href, part + 1);
          next.catch(() => undefined); // told when its turn comes
        }
        if (!this.isOver) await this._play(made.audio);
      }
      this.stop();
    } catch (error) {
      if (this.isOver) return;
      this.stop();
      this.link.textContent = TROUBLE;
    }
  }

  stop() {
    this.isOver = true;
    if (this.source) this.source.stop();
    if (current === this) current = null;
    this._show(READ, false);
  }

  _play(audio) {
    return new Promise((resolve) => {
      this.source = context.createBufferSource();
      this.source.buffer = audio;
      this.source.connect(context.destination);
      this.source.onended = resolve;
      this.source.start();
    });
  }

  _show(text, isReading) {
    this.link.textContent = text;
    this.link.classList.toggle("is-reading", isReading);
  }
}

export function stopReading() {
  if (current) current.stop();
}

// Works for links that come later, too.
export function wireListening(area) {
  if (!AudioContextClass) return;
  area.addEventListener("click", (event) => {
    const link = event.target.closest("a.listen");
    if (!link) return;
    event.preventDefault();
    const wasReading = current && current.link === link;
    stopReading();
    if (wasReading) return;
    context = context || new AudioContextClass(); // inside the click: browsers keep sound silent otherwise
    context.resume();
    current = new Reading(link);
    current.run();
  });
}
