// Normal, large or high-contrast print: changed in place, so that a conversation is not lost, and remembered.

const YEAR_SECONDS = 365 * 24 * 3600;

function keptView() {
  try {
    return window.localStorage.getItem("view");
  } catch (error) {
    return ""; // switched off
  }
}

// The page was opened by a link that chose a print (?view=elder); what is chosen now holds when one comes back to it.
function forgetAsked() {
  const here = new URL(location.href);
  if (!here.searchParams.has("view")) return;
  here.searchParams.delete("view");
  history.replaceState(history.state, "", here);
}

export function wireViews() {
  const root = document.documentElement;
  const links = [...document.querySelectorAll("[data-view]")];
  const show = (view) => {
    for (const link of links) {
      root.classList.toggle(link.dataset.view, link.dataset.view === view);
      if (link.dataset.view === view) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  show((links.find((link) => root.classList.contains(link.dataset.view)) || links[0]).dataset.view);
  // Shown again by the browser as it was left: the print may have been changed on another page meanwhile.
  addEventListener("pageshow", ({ persisted }) => {
    const kept = persisted && keptView();
    if (kept && links.some((link) => link.dataset.view === kept)) show(kept);
  });
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const view = link.dataset.view;
      try {
        window.localStorage.setItem("view", view);
      } catch (error) {
        // Storage is switched off: the cookie remembers.
      }
      forgetAsked();
      document.cookie = "view=" + view + "; path=/; max-age=" + YEAR_SECONDS + "; samesite=lax";
      show(view);
    });
  }
}
