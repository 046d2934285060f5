// One stop of the Tab key for many things; arrows go from one to the next. `rows` gives them, row by row.
function rove(box, rows, isShown = (each) => each.getClientRects().length) {
  const first = rows().flat()[0];
  if (!first) return;
  for (const each of rows().flat()) each.tabIndex = each === first ? 0 : -1;
  let now = first;
  function stop(next) {
    now.tabIndex = -1;
    now = next;
    now.tabIndex = 0;
  }
  const STEPS = { Left: [0, -1], Right: [0, 1], Up: [-1, 0], Down: [1, 0] };
  box.addEventListener("focusin", ({ target }) => {
    if (target.tabIndex === -1 && rows().some((row) => row.includes(target))) stop(target);
  });
  box.addEventListener("keydown", (event) => {
    const step = STEPS[event.key.replace("Arrow", "")];
    const { target } = event;
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target.type === "search" && target.value && target.selectionStart !== (step[1] > 0 ? target.value.length : 0)) return;
    const grid = rows().map((row) => row.filter(isShown)).filter((row) => row.length);
    const at = grid.findIndex((row) => row.includes(target));
    if (at < 0) return;
    const column = grid[at].indexOf(target);
    const to = grid[at + step[0]];
    const next = to && (step[0] ? to[Math.min(column, to.length - 1)] : to[column + step[1]]);
    if (!next) return;
    event.preventDefault();
    stop(next);
    next.focus();
  });
}
