"use strict";
// What a reader has chosen stands in the address, after "?" in its fragment, so that a view can be linked to:
// #leaderboard?table-leaderboard.sort=MSE+down&table-leaderboard.model=VAE
const state = (() => {
  const anchorOf = () => location.hash.slice(1).split("?")[0];
  const queryOf = () => location.hash.split("?")[1];
  const chosen = new URLSearchParams(queryOf());
  const anchor = anchorOf();

  function get(name) {
    return chosen.get(name) || "";
  }

  // Every entry of the history says which load of the page was there. To one that has been seen the browser takes
  // the reader back by itself, to the very place; what was chosen since then in the same load stays.
  const load = performance.timeOrigin;
  const seen = () => history.state?.load;

  function write() {
    const query = String(chosen);
    const here = (anchorOf() || anchor) + (query && `?${query}`);
    try {
      history.replaceState({ load }, "", location.href.split("#")[0] + (here && `#${here}`));
    } catch { /* a frame without an address of its own, or too many changes: the page works without links */ }
  }

  function set(name, value) {
    if (get(name) === value) return; // browsers take so many changes of an address in a while, and no more
    if (value) chosen.set(name, value);
    else chosen.delete(name);
    write();
  }

  // Whether something is chosen whose name begins so.
  const has = (start) => [...chosen.keys()].some((name) => name.startsWith(start) && !name.endsWith(".all"));

  function unfold() {
    const target = document.getElementById(anchorOf());
    for (let box = target; box; box = box.parentElement) if (box.localName === "details") box.open = true;
    return target;
  }

  // What lies between is laid out only now and was guessed before: for half a second the target moves on, and is
  // gone to again, unless the reader does something else.
  function reveal() {
    const target = unfold();
    let left = target ? 30 : 0;
    for (const name of ["wheel", "touchstart", "pointerdown", "keydown", "popstate"])
      addEventListener(name, () => { left = 0; }, { once: true, passive: true });
    (function settle() {
      if ((left -= 1) < 0) return;
      target.scrollIntoView({ behavior: "instant" });
      requestAnimationFrame(settle);
    })();
  }

  // The browser looks for an element with the name of the whole fragment, and finds none.
  if (anchor) addEventListener("load", seen() ? unfold : reveal);
  write();
  addEventListener("hashchange", () => {
    const before = seen();
    if (queryOf() === undefined || before === load) write(); // a link within the page, or back: what was chosen stays
    else if (queryOf() !== String(chosen)) location.reload(); // another view of it
    if (!before) reveal();
  });
  return { get, set, has };
})();

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
