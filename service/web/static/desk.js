// Single keys for those who decide about many cases a day. Everything here can be done without them.
// They act only outside of fields, and can be switched off (WCAG 2.1.4).
(function () {
  "use strict";
  var SWITCH = "uncounted-desk-keys";
  var off = false;
  try { off = localStorage.getItem(SWITCH) === "off"; } catch (refused) { off = false; }

  function typing(target) {
    return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(target.type));
  }

  function move(step) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    var at = rows.indexOf(document.activeElement);
    var to = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (to) { to.focus(); }
  }

  function chosen(key) {
    var at = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!at) { return false; }
    if (at.type === "radio") { at.checked = true; }
    at.focus();
    if (at.tagName === "BUTTON") { at.click(); }
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var button = document.querySelector("[data-decide]");
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (off || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (event.key === "j") { move(1); event.preventDefault(); return; }
    if (event.key === "k") { move(-1); event.preventDefault(); return; }
    if (chosen(event.key)) { event.preventDefault(); }
  });

  var offer = document.querySelector("[data-keys]");
  if (offer) {
    offer.hidden = false;
    var box = offer.querySelector("input");
    box.checked = !off;
    box.addEventListener("change", function () {
      off = !box.checked;
      try { localStorage.setItem(SWITCH, off ? "off" : "on"); } catch (refused) { return; }
    });
  }

  // Only reasons that go with what was chosen; without scripts all are listed, and a wrong one is told.
  var reasons = document.querySelector("[data-reasons]");
  if (reasons) {
    var every = Array.prototype.slice.call(reasons.options);
    document.addEventListener("change", function (event) {
      if (event.target.name !== "decision") { return; }
      var kept = reasons.value;
      every.forEach(function (option) {
        var fits = !option.value || option.getAttribute("data-for").split(" ").indexOf(event.target.value) >= 0;
        option.hidden = !fits;
        option.disabled = !fits;
        if (!fits && option.value === kept) { reasons.value = ""; }
      });
    });
  }
})();
