// The conversation of this tab is there again after a look at a guide, after the telephone rang, after a reload: phones
// forget a page as soon as another one is looked at. Kept in the tab only, for half an hour, long numbers without their
// middle; "清除对话" forgets it at once.

const KEY = "conversation";
const QUESTION = "question";
const LASTS_MS = 30 * 60 * 1000;
const MOST = 60;
const LONG_NUMBER = /\d{11,17}[\dXx]?/g;

const masked = (text) => text.replace(LONG_NUMBER, (number) => number.slice(0, 3) + "****" + number.slice(-4));

function storage() {
  try {
    return window.sessionStorage;
  } catch (error) {
    return null; // switched off: then nothing is kept
  }
}

// {sender, heard, draft, pending, said: [...]} of before, or null. Nothing in it is older than half an hour.
export function recalled() {
  try {
    const kept = JSON.parse(storage().getItem(KEY));
    return kept && Date.now() - kept.at < LASTS_MS ? kept : null;
  } catch (error) {
    return null;
  }
}

export function keep(kept) {
  const said = kept.said.slice(-MOST).map((one) => ({ ...one, text: masked(one.text) }));
  // What was not answered yet is asked again as it was; a number of somebody's must be typed again.
  const pending = kept.pending && kept.pending.text === masked(kept.pending.text) ? kept.pending : null;
  try {
    storage().setItem(KEY, JSON.stringify({ ...kept, said, pending, draft: masked(kept.draft), at: Date.now() }));
  } catch (error) {
    // full or switched off
  }
}

export function forget() {
  try {
    storage().removeItem(KEY);
  } catch (error) {
    // nothing was kept
  }
}

// A question that another page asks here. False where it cannot be handed over.
export function handOver(question) {
  try {
    storage().setItem(QUESTION, question);
    return true;
  } catch (error) {
    return false;
  }
}

export function handedOver() {
  try {
    const question = storage().getItem(QUESTION);
    storage().removeItem(QUESTION);
    return question || "";
  } catch (error) {
    return "";
  }
}
