// Tables are complete without this; with it they sort, and long ones are filtered, narrowed and shaded.
(() => {
  const FEWEST_TO_FILTER = 8;
  const collator = new Intl.Collator("en", { numeric: true });
  const headsOf = (table) => Array.from(table.tHead.rows[0].cells);
  const rowsOf = (table) => Array.from(table.tBodies[0].rows);
  const nameOf = (head) => head.dataset.name;

  // --- sorting ---

  function keyOf(row, column) {
    const cell = row.cells[column];
    const order = cell.dataset.order;
    return order === undefined ? cell.textContent.trim() : Number(order);
  }

  // Numbers before texts, so that empty cells ("–") come last whichever way the rest is sorted.
  function compare(a, b, direction) {
    const numbers = [typeof a === "number", typeof b === "number"];
    if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
    return direction * (numbers[0] ? a - b : collator.compare(a, b));
  }

  function sort(view, column, direction) {
    const { table, note } = view;
    const heads = headsOf(table);
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    const rows = rowsOf(table).map((row) => [keyOf(row, column), row]);
    rows.sort((a, b) => compare(a[0], b[0], direction));
    table.tBodies[0].append(...rows.map(([, row]) => row));
    note("sort", `${nameOf(heads[column])} ${direction === 1 ? "up" : "down"}`);
  }

  // Columns go by their names: in a link they mean the same after the page was written again with others.
  // The best comes first, where one is better than another; a second click turns the order round.
  function makeSortable(view) {
    const { table } = view;
    const heads = headsOf(table);
    heads.forEach((head, column) => {
      const term = head.querySelector(".term");
      const button = element("button", { type: "button", className: term ? "term" : "" }, nameOf(head));
      if (term) button.dataset.href = term.getAttribute("href");
      if (head.title) button.dataset.tip = head.title;
      head.removeAttribute("title");
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const best = head.dataset.better === "higher" ? -1 : 1;
        sort(view, column, now ? (now === "ascending" ? -1 : 1) : best);
      });
    });
    const before = rowsOf(table);
    view.resets.push(() => {
      for (const head of heads) head.removeAttribute("aria-sort");
      table.tBodies[0].append(...before);
      view.note("sort", "");
    });
    const [, name, way] = /^(.*) (up|down)$/.exec(state.get(`${table.id}.sort`)) || [];
    const column = heads.findIndex((head) => nameOf(head) === name);
    if (column >= 0) sort(view, column, way === "up" ? 1 : -1);
  }

  // --- filtering ---

  // Settings that differ among the rows, with their values in order.
  function axesOf(rows) {
    const found = new Map();
    for (const row of rows) {
      for (const [axis, value] of Object.entries(row.settings)) {
        if (!found.has(axis)) found.set(axis, new Set());
        found.get(axis).add(value);
      }
    }
    return [...found].filter(([, values]) => values.size > 1)
      .map(([axis, values]) => [axis, [...values].sort((a, b) => a - b || collator.compare(a, b))]);
  }

  function textOf(row) {
    return Array.from(row.cells, (cell) => cell.textContent).join(" ").toLowerCase();
  }

  // A box that opens under its bar: one at a time, and none after Escape or a click elsewhere.
  function menu({ table }, title, ...children) {
    const made = element("details", { className: "menu" }, element("summary", {}, title), element("div", {}, ...children));
    made.setAttribute("name", `${table.id}-menu`);
    return made;
  }

  const openMenus = () => document.querySelectorAll(".menu[open]");
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") for (const each of openMenus()) {
      if (each.contains(document.activeElement)) each.firstChild.focus();
      each.open = false;
    }
  });
  addEventListener("click", ({ target }) => { // not before: what is below moves up
    for (const each of openMenus()) if (!each.contains(target)) each.open = false;
  });

  // `update` is told how many rows are left.
  function makeFilter(view, update) {
    const { table, bar, note } = view;
    const rows = rowsOf(table).map((row) =>
      ({ row, settings: JSON.parse(row.dataset.settings || "{}"), text: textOf(row) }));
    if (rows.length < FEWEST_TO_FILTER || table.closest(".chart")) return;
    const said = element("output", { className: "said" });
    const search = element("input", { type: "search", placeholder: "Filter", value: state.get(`${table.id}.find`) });
    search.setAttribute("aria-label", `Filter the rows: ${table.caption.textContent.trim()}`);
    const selects = axesOf(rows).map(([axis, values]) => {
      const select = element("select", {}, element("option", { value: "" }, `${axis}: all`),
        ...values.map((value) => element("option", { value }, `${axis}: ${value}`)));
      select.setAttribute("aria-label", axis);
      const before = state.get(`${table.id}.${axis}`);
      if (values.includes(before)) select.value = before;
      return [axis, select];
    });

    function apply() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = selects.filter(([, select]) => select.value);
      let shown = 0;
      for (const { row, settings, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word))
          || !wanted.every(([axis, select]) => settings[axis] === select.value);
        shown += !row.hidden;
      }
      said.textContent = shown < rows.length ? `${shown} of ${rows.length} rows` : "";
      update(shown);
      note("find", search.value);
      for (const [axis, select] of selects) note(axis, select.value);
    }

    const inputs = [search, ...selects.map(([, select]) => select)];
    for (const input of inputs) input.addEventListener("input", apply);
    view.resets.push(() => {
      for (const input of inputs) input.value = "";
      apply();
    });
    bar.append(search);
    if (selects.length) bar.append(menu(view, "By setting", ...selects.map(([, select]) => select)));
    bar.append(said);
    apply();
  }

  // --- long tables ---

  const MOST_ROWS = 100; // as in the style sheet

  // A browser takes a quarter of a second to lay out a thousand rows: each time that they are sorted.
  function makeShort({ table }) {
    let count = rowsOf(table).length;
    if (count <= MOST_ROWS) return () => {};
    const button = element("button", { type: "button" });
    function apply(isShort) {
      table.classList.toggle("short", isShort);
      button.hidden = count <= MOST_ROWS;
      button.textContent = isShort ? `Show all ${count} rows` : `Show ${MOST_ROWS} rows`;
      state.set(`${table.id}.all`, isShort ? "" : "1");
    }
    button.addEventListener("click", () => apply(!table.classList.contains("short")));
    apply(!state.get(`${table.id}.all`));
    table.closest(".scroll").after(element("p", { className: "tools more" }, button));
    return (shown) => {
      count = shown;
      apply(table.classList.contains("short"));
    };
  }

  // --- columns ---

  // Of a table on several kinds of measures those of one are shown at a click, or any that are ticked.
  function makeColumns(view) {
    const { table, bar, note } = view;
    const heads = headsOf(table);
    if (heads.length < 4) return;
    const hidden = new Set(state.get(`${table.id}.hide`).split("|").filter(Boolean));
    const kinds = [...new Set(heads.map((head) => head.dataset.kind).filter(Boolean))];
    const others = (kind) => heads.filter((head) => head.dataset.kind && head.dataset.kind !== kind).map(nameOf);
    const presets = (kinds.length > 1 ? kinds : []).map((kind) => {
      const button = element("button", { type: "button", className: "preset" }, kind);
      button.addEventListener("click", () =>
        choose(button.getAttribute("aria-pressed") === "true" ? [] : others(kind)));
      return [button, others(kind).join("|")];
    });
    const boxes = heads.slice(1).map((head) => {
      const box = element("input", { type: "checkbox" });
      box.addEventListener("change", () => {
        hidden[box.checked ? "delete" : "add"](nameOf(head));
        choose([...hidden]);
      });
      return box;
    });

    const rows = [table.tHead.rows[0], ...rowsOf(table)];
    function choose(names) {
      hidden.clear();
      heads.slice(1).forEach((head, index) => {
        const isHidden = names.includes(nameOf(head));
        if (isHidden) hidden.add(nameOf(head));
        boxes[index].checked = !isHidden;
        if (head.hidden !== isHidden) for (const row of rows) row.cells[index + 1].hidden = isHidden;
      });
      const text = [...hidden].join("|");
      for (const [button, those] of presets) button.setAttribute("aria-pressed", text === those);
      note("hide", text);
    }

    bar.append(menu(view, "Columns", ...heads.slice(1).map((head, index) =>
      element("label", {}, boxes[index], ` ${nameOf(head)}`))), ...presets.map(([button]) => button));
    choose([...hidden]);
    view.resets.push(() => choose([]));
  }

  // The best quarter of a column and the second, among rows that are no baselines.
  function shade({ table }) {
    headsOf(table).forEach(({ dataset: { better, kind } }, column) => {
      const cells = !better || kind === "Cost" ? [] : rowsOf(table).filter((row) => !row.matches(".baseline"))
        .map((row) => row.cells[column]).filter(({ dataset }) => dataset.order !== undefined);
      if (cells.length < FEWEST_TO_FILTER) return;
      const sign = better === "higher" ? -1 : 1;
      const orders = cells.map(({ dataset }) => sign * dataset.order).sort((a, b) => a - b);
      for (const cell of cells) {
        const place = orders.findLastIndex((each) => each <= sign * cell.dataset.order) + 1;
        if (place <= cells.length / 2) cell.classList.add(place <= cells.length / 4 ? "first" : "second");
      }
    });
  }

  // --- paper ---

  // Older browsers print what is folded as it is; the others have a rule in the style sheet.
  if (!CSS.supports("selector(::details-content)")) {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")].filter((each) => !each.closest(".unprinted, .menu"));
      for (const each of opened) each.open = true;
    });
    addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
  }

  // --- all of it ---

  function makeReset(view) {
    const button = element("button", { type: "button", className: "reset" }, "Reset");
    view.note = (name, value) => {
      state.set(`${view.table.id}.${name}`, value);
      button.hidden = !state.has(`${view.table.id}.`);
    };
    button.addEventListener("click", () => {
      for (const reset of view.resets) reset();
      view.bar.firstChild.focus?.();
    });
    view.note("", "");
    return button;
  }

  for (const table of document.querySelectorAll("table:not(.plain)")) {
    const bar = element("div", { className: "tools" });
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-labelledby", `${table.id}-caption`);
    const view = { table, bar, resets: [] };
    const scroller = table.closest(".scroll");
    if (table.matches(".sortable")) {
      for (const head of headsOf(table)) head.dataset.name = head.textContent.trim();
      const reset = makeReset(view);
      makeFilter(view, makeShort(view));
      makeColumns(view);
      bar.append(reset);
      makeSortable(view);
      if (!table.closest(".chart")) shade(view);
    }
    if (!table.closest(".chart")) { // the numbers behind a drawing: a page has dozens of them
      bar.append(...copies.buttons(table));
      scroller.before(bar);
    }
    // A view in the address may be of a table that is folded.
    if (location.hash.includes(`${table.id}.`)) for (let fold = table.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  // After the others have put in what they have.
  addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll(".sortable")) {
      const inside = (row) => Array.from(row.querySelectorAll("button, input, a:not(.tip a)"));
      rove(table, () => [table.tHead.rows[0], ...table.tBodies[0].rows].map(inside));
      table.closest(".scroll").tabIndex = -1; // what is in it can be reached, and moves it
    }
    for (const bar of document.querySelectorAll("[role=toolbar]"))
      rove(bar, () => [Array.from(bar.querySelectorAll(".tools > :is(input, button, a), summary"))]);
    for (const each of document.querySelectorAll(".over")) each.remove(); // two stops need no way round them
  });
})();
