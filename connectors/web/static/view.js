// Runs before the first paint, so that someone who chose large print never sees small print first.
// A choice made by a link (?view=elder) is kept; otherwise the kept one is shown. Plain old JavaScript on purpose.
(function () {
  var VIEWS = ["normal", "elder", "contrast"];
  var root = document.documentElement;
  var asked = /[?&]view=(\w+)/.exec(window.location.search);
  var view = asked && asked[1];
  var show = function (name) {
    for (var i = 0; i < VIEWS.length; i++) root.classList.remove(VIEWS[i]);
    root.classList.add(name);
  };
  try {
    if (VIEWS.indexOf(view) >= 0) window.localStorage.setItem("view", view);
    else view = window.localStorage.getItem("view");
  } catch (error) {
    // Storage is switched off: the cookie of the last choice still says what to show.
  }
  if (VIEWS.indexOf(view) >= 0) show(view);
})();
