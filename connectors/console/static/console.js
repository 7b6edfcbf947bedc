// Small helps for the staff's pages. Every page works as plain forms without this file, uploads' progress excepted.

const text = (id) => document.getElementById(id)?.textContent ?? "";

// Large print, remembered by this browser.
const large = document.getElementById("print-size");
function setLarge(on) {
  document.documentElement.classList.toggle("large", on);
  large?.setAttribute("aria-pressed", String(on));
}
setLarge(localStorage.getItem("console-large") === "yes");
large?.addEventListener("click", () => {
  const on = !document.documentElement.classList.contains("large");
  localStorage.setItem("console-large", on ? "yes" : "no");
  setLarge(on);
});

// Typed and not saved: the browser asks before the page is left.
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-guard]")) typed = true;
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-remove]");
  if (remove) {
    remove.closest(remove.dataset.remove).remove();
    typed = true;
  }
});

// A file that is too large is told before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.limit) return;
  const file = input.files[0];
  const tooLarge = file !== undefined && file.size > Number(input.dataset.limit);
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  if (tooLarge) input.reportValidity();
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector("progress");
  const said = event.target.querySelector("[data-progress]");
  if (!bar || !event.detail.lengthComputable) return;
  const percent = Math.round((100 * event.detail.loaded) / event.detail.total);
  bar.hidden = false;
  bar.value = percent;
  said.textContent = percent < 100 ? `已上传 ${percent}%` : "已上传，正在识别文件，请稍候……";
});

// An answer that is no success still carries a page that says why: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
    event.detail.shouldSwap = true;
  }
});
document.addEventListener("htmx:sendError", () => window.alert(text("offline-words")));
document.addEventListener("htmx:afterSwap", () => document.querySelector("[data-focus]")?.focus());
document.querySelector("[data-focus]")?.focus();
