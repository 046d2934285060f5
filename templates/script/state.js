"use strict";
// What a reader has chosen stands in the address, after "?" in its fragment, so that a view can be linked to:
// #leaderboard?table-leaderboard.sort=2d&table-leaderboard.model=VAE
const state = (() => {
  const [anchor, query] = location.hash.slice(1).split("?");
  const chosen = new URLSearchParams(query || "");

  function get(name) {
    return chosen.get(name) || "";
  }

  function set(name, value) {
    if (get(name) === value) return; // browsers take so many changes of an address in a while, and no more
    if (value) chosen.set(name, value);
    else chosen.delete(name);
    const here = (location.hash.slice(1).split("?")[0] || anchor) + (chosen.size ? `?${chosen}` : "");
    history.replaceState(null, "", here ? `#${here}` : location.pathname + location.search);
  }

  // The browser looks for an element with the name of the whole fragment, and finds none.
  if (query !== undefined && anchor) {
    addEventListener("load", () => document.getElementById(anchor)?.scrollIntoView());
  }
  return { get, set };
})();

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
