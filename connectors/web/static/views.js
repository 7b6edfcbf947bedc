// Normal, large or high-contrast print: changed in place, so that a conversation is not lost, and remembered.

const YEAR_SECONDS = 365 * 24 * 3600;

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
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const view = link.dataset.view;
      try {
        window.localStorage.setItem("view", view);
      } catch (error) {
        // Storage is switched off: the cookie remembers.
      }
      document.cookie = "view=" + view + "; path=/; max-age=" + YEAR_SECONDS + "; samesite=lax";
      show(view);
    });
  }
}
