// What a word means, where it stands: under the pointer, with the key that reaches it, or at a tap.
// Without this a word leads to its definition; so it does with it.
(() => {
  const tip = element("div", { className: "tip", id: "tip" });
  if (!("popover" in tip)) return;
  tip.popover = "manual";
  let shown = null;
  let waiting;

  // The first sentence of a definition, which is the last cell of its row, and the last of a term's words.
  function textOf(term) {
    if (term.dataset.tip) return term.dataset.tip;
    const target = document.getElementById((term.dataset.href ?? term.hash).slice(1));
    return target && /^.*?\.(?= [A-Z]|$)/.exec(target.lastElementChild.textContent.trim())?.[0];
  }

  function hide() {
    clearTimeout(waiting);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.remove();
  }

  function show(term) {
    clearTimeout(waiting);
    if (term === shown) return;
    const text = textOf(term);
    if (!text) return;
    hide();
    const href = term.dataset.href ?? term.getAttribute("href");
    tip.replaceChildren(text, ...(href ? [" ", element("a", { href }, "Definition")] : []));
    shown = term;
    term.setAttribute("aria-describedby", "tip");
    term.after(tip);
    tip.showPopover();
    place();
  }

  function place() {
    const box = shown.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    tip.style.top = `${box.top > height + 8 ? box.top - height - 4 : box.bottom + 4}px`;
  }

  const termOf = ({ target }) => target.closest?.(".term, [data-tip]");
  const later = (act, wait) => {
    clearTimeout(waiting);
    waiting = setTimeout(act, wait);
  };
  addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const term = termOf(event);
    if (term) later(() => show(term), 250);
    else if (tip.contains(event.target)) clearTimeout(waiting);
    else if (shown && !shown.matches(":focus-visible")) later(hide, 250);
  });
  addEventListener("focusin", (event) => {
    const term = termOf(event);
    if (term?.matches(":focus-visible")) show(term);
    else if (shown && !tip.contains(event.target)) hide();
  });
  // A first tap tells, a second one leads; elsewhere it ends it. On heads of tables each sorts, too.
  addEventListener("click", (event) => {
    const term = termOf(event);
    if (term && event.pointerType === "touch" && term !== shown) {
      if (term.hash) event.preventDefault();
      show(term);
    } else if (event.target.closest?.("a") || !(term || tip.contains(event.target))) hide();
  });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
  // The key that reaches a word may scroll to it, and the event comes later: its explanation goes along.
  addEventListener("scroll", () => {
    if (shown?.matches(":focus-visible") || tip.contains(document.activeElement)) place();
    else if (shown) hide();
  }, { capture: true, passive: true });
})();
