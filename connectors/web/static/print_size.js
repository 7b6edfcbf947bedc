// Runs before the first paint, so that someone who chose large print never sees small print first.
(function () {
  var large = false;
  try {
    large = window.localStorage.getItem("print-size") === "large";
  } catch (error) {
    // Storage is switched off: the choice then lasts for this page only.
  }
  if (large) document.documentElement.classList.add("large");
})();
