"use strict";
// What a reader has chosen stands in the address, after "?" in its fragment, so that a view can be linked to:
// #leaderboard?table-leaderboard.sort=2d&table-leaderboard.model=VAE
const state = (() => {
  const anchorOf = () => location.hash.slice(1).split("?")[0];
  const queryOf = () => location.hash.split("?")[1];
  const chosen = new URLSearchParams(queryOf());
  const anchor = anchorOf();

  function get(name) {
    return chosen.get(name) || "";
  }

  function write() {
    const here = (anchorOf() || anchor) + (chosen.size ? `?${chosen}` : "");
    history.replaceState(null, "", here ? `#${here}` : location.pathname + location.search);
  }

  function set(name, value) {
    if (get(name) === value) return; // browsers take so many changes of an address in a while, and no more
    if (value) chosen.set(name, value);
    else chosen.delete(name);
    write();
  }

  function reveal() {
    const target = document.getElementById(anchorOf());
    for (let box = target; box; box = box.parentElement) if (box.localName === "details") box.open = true;
    target?.scrollIntoView();
  }

  // The browser looks for an element with the name of the whole fragment, and finds none.
  if (anchor) addEventListener("load", reveal);
  addEventListener("hashchange", () => {
    if (queryOf() === undefined) write(); // a link within the page: what was chosen stays
    else if (queryOf() !== String(chosen)) location.reload(); // another view of it
    reveal();
  });
  return { get, set };
})();

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
