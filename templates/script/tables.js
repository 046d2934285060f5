// Tables are complete without this; with it they sort, and long ones are filtered, narrowed and copied.
(() => {
  const FEWEST_TO_FILTER = 8;
  const collator = new Intl.Collator("en", { numeric: true });

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

  function sort(table, column, direction) {
    const heads = table.tHead.rows[0].cells;
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => [keyOf(row, column), row]);
    rows.sort((a, b) => compare(a[0], b[0], direction));
    body.append(...rows.map(([, row]) => row));
    state.set(`${table.id}.sort`, `${nameOf(heads[column])} ${direction === 1 ? "up" : "down"}`);
  }

  // Columns go by their names: in a link they mean the same after the page was written again with others.
  function nameOf(head) {
    return head.textContent.trim();
  }

  function columnOf(table, name) {
    return Array.from(table.tHead.rows[0].cells).findIndex((head) => nameOf(head) === name);
  }

  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = element("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () =>
        sort(table, column, head.getAttribute("aria-sort") === "ascending" ? -1 : 1));
      head.append(button);
    });
    const [, name, way] = /^(.*) (up|down)$/.exec(state.get(`${table.id}.sort`)) || [];
    const column = columnOf(table, name);
    if (column >= 0) sort(table, column, way === "up" ? 1 : -1);
  }

  // --- filtering ---

  function settingsOf(row) {
    return JSON.parse(row.dataset.settings || "{}");
  }

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

  // `update` is told how many rows are left.
  function makeFilter(table, bar, update) {
    const rows = Array.from(table.tBodies[0].rows, (row) =>
      ({ row, settings: settingsOf(row), text: textOf(row) }));
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
      state.set(`${table.id}.find`, search.value);
      for (const [axis, select] of selects) state.set(`${table.id}.${axis}`, select.value);
    }

    for (const input of [search, ...selects.map(([, select]) => select)]) input.addEventListener("input", apply);
    bar.append(search);
    if (selects.length) {
      const by = element("details", { className: "menu" }, element("summary", {}, "By setting"));
      by.append(element("div", {}, ...selects.map(([, select]) => select)));
      by.open = selects.some(([, select]) => select.value);
      bar.append(by);
    }
    bar.append(said);
    apply();
  }

  // --- long tables ---

  const MOST_ROWS = 100; // as in the style sheet

  // A browser takes a quarter of a second to lay out a thousand rows: each time that they are sorted.
  function makeShort(table) {
    let count = table.tBodies[0].rows.length;
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

  function show(table, column, isShown) {
    for (const row of [table.tHead.rows[0], ...table.tBodies[0].rows]) row.cells[column].hidden = !isShown;
  }

  function makeColumns(table, bar) {
    const heads = Array.from(table.tHead.rows[0].cells);
    if (heads.length < 4) return;
    const hidden = new Set(state.get(`${table.id}.hide`).split("|").filter(Boolean));
    const boxes = heads.slice(1).map((head, index) => {
      const [column, name] = [index + 1, nameOf(head)];
      const box = element("input", { type: "checkbox", checked: !hidden.has(name) });
      if (!box.checked) show(table, column, false);
      box.addEventListener("change", () => {
        show(table, column, box.checked);
        if (box.checked) hidden.delete(name);
        else hidden.add(name);
        state.set(`${table.id}.hide`, [...hidden].join("|"));
      });
      return element("label", {}, box, ` ${name}`);
    });
    bar.append(element("details", { className: "menu" },
      element("summary", {}, "Columns"), element("div", {}, ...boxes)));
  }

  // --- copying ---

  function textIn(cell) {
    return cell.textContent.replace(/\s+/g, " ").replace("★", "").trim();
  }

  // What is shown, in the order in which it is shown.
  function contents(table, read = (cell) => [textIn(cell)]) {
    return [table.tHead.rows[0], ...table.tBodies[0].rows].filter((row) => !row.hidden)
      .map((row) => Array.from(row.cells).filter((cell) => !cell.hidden).flatMap(read));
  }

  // For programs: what stands under a number, as its ± or its quartiles, in a column of its own, and numbers plain.
  function plainContents(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const below = heads.map((_, column) =>
      table.querySelector(`tbody tr > :nth-child(${column + 1}) small`)?.textContent[0]);
    return contents(table, (cell) => {
      const mark = below[cell.cellIndex];
      const isHead = cell.parentElement.parentElement === table.tHead;
      const small = isHead ? `${textIn(cell)} ${mark === "±" ? "±" : "range"}` : cell.querySelector("small")?.textContent;
      const text = isHead || !small ? textIn(cell) : textIn(cell).replace(small.replace(/\s+/g, " "), "");
      const values = mark ? [text, small ?? ""] : [text];
      return isHead || !cell.classList.contains("number") ? values
        : values.map((value) => value.replace(/[†±,]/g, "").replaceAll("−", "-").replace(/^–$/, "").trim());
    });
  }

  const TEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "[": "{[}", "]": "{]}", "*": "{*}", "<": "$<$", ">": "$>$", "|": "$|$", "±": "$\\pm$",
    "−": "$-$", "–": "--", "β": "$\\beta$", "†": "\\dag{}" };

  // A spreadsheet takes a text that begins so for a formula, and runs it: see tables.py. Numbers are none.
  function isFormula(text) {
    return /^'*[-=+@＝＋－＠]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text);
  }

  function inCsv(text) {
    return `"${(isFormula(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  }

  // As inert.py does it for the twin.
  function inMarkdown(text) {
    return text.replace(/[\\`*[\]|~$@_<>&]|:(?=[^\s\d])|(?<=www)\./gi, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  function inTex(text) {
    const plain = text.replace(/[\\~^<>|±−–β†&%$#_{}[\]*]/g, (sign) => TEX[sign] ?? `\\${sign}`);
    return isFormula(text) ? `{}${plain}` : plain;
  }

  const FORMS = {
    CSV: (rows) => rows.map((row) => row.map(inCsv).join(",")).join("\n"),
    Markdown: (rows) => {
      const lines = rows.map((row) => `| ${row.map(inMarkdown).join(" | ")} |`);
      lines.splice(1, 0, `|${" --- |".repeat(rows[0].length)}`);
      return lines.join("\n");
    },
    LaTeX: (rows) => { // with the package booktabs
      const [head, ...body] = rows.map((row) => `${row.map(inTex).join(" & ")} \\\\`);
      return [`\\begin{tabular}{l${"r".repeat(rows[0].length - 1)}}`, "\\toprule", head, "\\midrule", ...body,
        "\\bottomrule", "\\end{tabular}"].join("\n");
    },
  };

  // Whether the browser let it.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // no permission, or a browser that does not trust files
      const area = element("textarea", { value: text });
      document.body.append(area);
      area.select();
      const isCopied = document.execCommand("copy");
      area.remove();
      return isCopied;
    }
  }

  function makeCopies(table, bar) {
    const said = element("output", { className: "said" });
    for (const [name, write] of Object.entries(FORMS)) {
      const button = element("button", { type: "button" }, `Copy ${name}`);
      button.addEventListener("click", async () => {
        const rows = name === "CSV" ? plainContents(table) : contents(table);
        said.textContent = (await copy(write(rows))) ? "Copied" : "Refused by the browser";
        setTimeout(() => { said.textContent = ""; }, 1500);
      });
      bar.append(button);
    }
    bar.append(said);
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

  for (const table of document.querySelectorAll("table:not(.plain)")) {
    const bar = element("div", { className: "tools" });
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-labelledby", `${table.id}-caption`);
    if (table.matches(".sortable")) {
      makeFilter(table, bar, makeShort(table));
      makeColumns(table, bar);
    }
    if (!table.closest(".chart")) { // the numbers behind a drawing: a page has dozens of them
      makeCopies(table, bar);
      table.closest(".scroll").before(bar);
    }
    if (table.matches(".sortable")) makeSortable(table);
  }
})();
