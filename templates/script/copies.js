// What is shown of a table as CSV, Markdown or LaTeX: the same text that `bench table` prints (exports.py).
const copies = (() => {
  const textIn = (cell) => cell.textContent.replace(/\s+/g, " ").replace("★", "").trim();
  const nameOf = (head) => head.dataset.name ?? textIn(head);
  const isHead = (cell) => cell.parentElement.parentElement.localName === "thead";
  const read = (cell) => (isHead(cell) ? nameOf(cell) : textIn(cell));

  // Rows that are shown, in the order in which they are shown, each with its cells that are shown.
  function lines(table) {
    return [table.tHead.rows[0], ...table.tBodies[0].rows].filter((row) => !row.hidden)
      .map((row) => Array.from(row.cells).filter((cell) => !cell.hidden));
  }

  // For programs: what stands under a number, as its ± or its quartiles, in a column of its own, and numbers plain.
  function plain(cell) {
    const table = cell.closest("table");
    const column = cell.cellIndex;
    const mark = table.querySelector(`tbody tr > :nth-child(${column + 1}) small`)?.textContent[0];
    if (isHead(cell)) return [nameOf(cell), ...(mark ? [`${nameOf(cell)} ${mark === "±" ? "±" : "range"}`] : [])];
    const small = cell.querySelector("small")?.textContent.replace(/\s+/g, " ");
    const values = [small ? textIn(cell).replace(small, "") : textIn(cell), ...(mark ? [small ?? ""] : [])];
    return !cell.classList.contains("number") ? values
      : values.map((value) => value.replace(/[†±,]/g, "").replaceAll("−", "-").trim().replace(/^–$/, ""));
  }

  const TEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "[": "{[}", "]": "{]}", "*": "{*}", "<": "$<$", ">": "$>$", "|": "$|$", "±": "$\\pm$",
    "−": "$-$", "–": "--", "β": "$\\beta$", "σ": "$\\sigma$", "†": "\\dag{}" };

  // A spreadsheet takes a text that begins so for a formula, and runs it: see tables.py. Numbers are none.
  function isFormula(text) {
    return /^'*[-=+@＝＋－＠]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text);
  }

  function inCsv(text) {
    const inert = isFormula(text) ? "'" + text : text;
    return `"${inert.replaceAll('"', '""')}"`;
  }

  // As inert.py does it for the twin.
  function inMarkdown(text) {
    return text.replace(/[\\`*[\]|~$@_<>&]|:(?=[^\s\d])|(?<=www)\./gi, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  function inTex(text) {
    const written = text.replace(/[\\~^<>|±−–βσ†&%$#_{}[\]*]/g, (sign) => TEX[sign] ?? `\\${sign}`);
    return isFormula(text) ? `{}${written}` : written;
  }

  const numberIn = (text) => /\d/.test(text) && /^([−-]?)([\d,]*)(?:\.(\d+))?(?: ± ([\d,]*(?:\.\d+)?))?$/.exec(text);

  // A column of siunitx, with the widest of its numbers.
  function column(texts, isNumber) {
    const found = texts.map((text) => isNumber && numberIn(text)).filter(Boolean);
    if (!found.length) return isNumber ? "r" : "l";
    const most = (length) => Math.max(...found.map(length));
    const after = most((one) => (one[3] ?? "").length);
    const spread = most((one) => (one[4] ?? "").replace(/[,.]/g, "").replace(/^0+/, "").length);
    const form = [found.some((one) => one[1]) && "-", most((one) => one[2].replaceAll(",", "").length),
      after && "." + after, spread && `(${spread})`];
    return `S[table-format=${form.filter(Boolean).join("")}]`;
  }

  function inLatex(table) {
    const [heads, ...body] = lines(table);
    const specs = heads.map((head, place) =>
      column(body.map((cells) => read(cells[place])), place && head.classList.contains("number")));
    const line = (cells) => cells.map((cell, place) => {
      const text = read(cell);
      if (specs[place][0] !== "S") return inTex(place ? text : text.replace(/ \(baseline\)$/, ""));
      return isHead(cell) || !numberIn(text) ? `{${inTex(text)}}`
        : text.replaceAll(",", "").replace("−", "-").replace("±", "\\pm");
    }).join(" & ") + " \\\\";
    const groups = [false, true].map((which) =>
      body.filter(([cell]) => cell.parentElement.matches(".baseline") === which).map(line)).filter((group) => group.length);
    const isMean = table.matches(".sortable") && body.flat().some((cell) => cell.textContent.includes("±"));
    return ["% with \\usepackage{booktabs,siunitx} and \\sisetup{separate-uncertainty}", "\\begin{table}", "\\centering",
      `\\caption{${inTex(textIn(table.caption.firstChild))}}`, `\\label{tab:${table.id.replace(/^table-/, "")}}`,
      `\\begin{tabular}{${specs.join("")}}`, "\\toprule", line(heads), "\\midrule",
      groups.map((group) => group.join("\n")).join("\n\\midrule\n"), "\\bottomrule", "\\end{tabular}",
      ...(isMean ? ["", "\\smallskip\\footnotesize $\\pm$: half the width of the 95\\,\\% interval of a mean over seeds, by Student's $t$."] : []),
      "\\end{table}"].join("\n");
  }

  const FORMS = {
    CSV: (table) => lines(table).map((cells) => cells.flatMap(plain).map(inCsv).join(",")).join("\n"),
    Markdown: (table) => {
      const [head, ...body] = lines(table).map((cells) => `| ${cells.map((cell) => inMarkdown(read(cell))).join(" | ")} |`);
      return [head, "|" + " --- |".repeat(lines(table)[0].length), ...body].join("\n");
    },
    LaTeX: inLatex,
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

  // Buttons that copy a table, and what came of it.
  function buttons(table) {
    const said = element("output", { className: "said" });
    return [...Object.entries(FORMS).map(([name, write]) => {
      const button = element("button", { type: "button" }, `Copy ${name}`);
      button.addEventListener("click", async () => {
        said.textContent = (await copy(write(table))) ? "Copied" : "Refused by the browser";
        setTimeout(() => { said.textContent = ""; }, 1500);
      });
      return button;
    }), said];
  }
  return { buttons };
})();
