// Two configurations or trials side by side, chosen by the reader: numbers, differences with intervals, pictures.
(() => {
  const source = document.getElementById("compare-data");
  if (!source) return;
  const { measures, configurations, student, prior } = JSON.parse(source.textContent);
  const box = document.querySelector(".compare");
  const selects = ["first", "second"].map((side) => document.getElementById(`compare-${side}`));
  const body = document.querySelector("#table-compare tbody");
  const heads = document.querySelectorAll("#table-compare thead th");
  const note = document.getElementById("compare-note");
  const pictures = document.getElementById("compare-pictures");

  // A configuration by the key of its first trial; one of its trials by its own key and a point.
  function find(value) {
    const key = value.replace(".", "");
    const one = configurations.find(({ trials }) => trials.some((trial) => trial[1] === key));
    if (key === value) return { ...one, values: one.values.map((all) => all.filter((each) => each !== null)), key };
    const which = one.trials.findIndex((trial) => trial[1] === key);
    const values = one.values.map((all) => [all[which]].filter((each) => each !== null));
    return { ...one, values, name: `${one.name}, seed ${one.trials[which][0]}`, key };
  }

  // Groups of options of each list, which the reader's words narrow; what is chosen stays.
  const lists = selects.map((select) => {
    for (const option of select.options) option.value = configurations[option.value].trials[0][1];
    const trials = configurations.flatMap(({ name, trials: each }) => (each.length < 2 ? [] :
      each.map(([seed, key]) => element("option", { value: `${key}.` }, `${name}, seed ${seed}`))));
    if (trials.length) select.append(element("optgroup", { label: "Single trials" }, ...trials));
    return Array.from(select.children, (group) => [group, [...group.children]]);
  });
  const search = document.getElementById("compare-find");
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    selects.forEach((select, side) => {
      const { value } = select;
      for (const [group, options] of lists[side]) {
        group.replaceChildren(...options.filter((option) => option.value === value
          || words.every((word) => option.text.toLowerCase().includes(word))));
        group.hidden = !group.children.length;
      }
      select.value = value;
    });
  });

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function squaredError(values) {
    if (Math.min(...values) === Math.max(...values)) return 0; // the mean of three times 0.1 is not quite 0.1
    const middle = mean(values);
    return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length;
  }

  // Of Student's distribution, from a table over 1 / freedom.
  function quantile(inverse) {
    const place = inverse * (student.length - 1);
    const low = Math.min(Math.floor(place), student.length - 2);
    return student[low] + (place - low) * (student[low + 1] - student[low]);
  }

  // Half the width of Welch's interval; undefined where a side has one seed, or all are alike, and is not exact as
  // baselines are.
  function margin(sides, exact) {
    if (sides.some((values, side) => values.length < 2 && !exact[side])) return undefined;
    const parts = sides.map((values, side) => (exact[side] ? 0 : squaredError(values)));
    const total = parts[0] + parts[1];
    if (total === 0) return exact.every(Boolean) ? 0 : undefined;
    const inverse = sides.reduce((sum, values, side) =>
      sum + (parts[side] ? (parts[side] / total) ** 2 / (values.length - 1) : 0), 0);
    return quantile(inverse) * Math.sqrt(total);
  }

  function figure(value, { scale, decimals, counted }) {
    const digits = counted && Number.isInteger(value) ? 0 : decimals;
    const text = (value * scale).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return Number(text.replaceAll(",", "")) === 0 ? text.replace("-", "") : text.replace("-", "−");
  }

  function verdict(change, half, better) {
    if (!half && !change) return "the same";
    if (half === undefined) return "cannot tell: one seed, or no spread";
    if (Math.abs(change) <= half) return "not told apart";
    if (!better) return change < 0 ? "lower" : "higher";
    return (change < 0) === (better === "lower") ? "▲ better" : "▼ worse";
  }

  // A row, and its difference in halves of its interval, by which rows are sorted: a bar shows up to five of them,
  // and of two baselines, which are exact, all.
  function row(measure, a, b, exact) {
    const cells = [];
    let size = -1;
    if (a.length && b.length) {
      const change = mean(b) - mean(a);
      const half = margin([a, b], exact.map((each) => each || measure.exact));
      size = half ? Math.abs(change) / half : half === 0 && change && !measure.exact ? 5 : 0;
      const width = !half ? "" : ` ± ${figure(half, measure)}`;
      cells.push(figure(mean(a), measure), figure(mean(b), measure), figure(change, measure) + width,
        verdict(change, half, measure.better));
    } else {
      cells.push(...[a, b].map((values) => (values.length ? figure(mean(values), measure) : "–")), "–", "–");
    }
    const head = element("th", { scope: "row" }, measure.label);
    const made = element("tr", {}, head, ...cells.map((text, index) =>
      element("td", { className: index < 3 ? "number" : "" }, text)));
    if (size > 0) {
      const bar = element("span", { className: "bar" });
      bar.style.width = `${Math.min(size, 5) * 20}%`;
      made.lastChild.append(bar);
    }
    return [size, made];
  }

  const KINDS = { reconstructions: "Reconstructions", samples: `Decoded from ${prior}`,
    "mixture-samples": "Decoded from a mixture of its codes", interpolations: "Interpolations" };
  const PLACES = [(key) => `section:not(#trials) [data-key="${key}"]`, (key) => `#trials [data-key="${key}"]`];

  // Of each kind that both have, the two of one place of the page: as many images, in the same order.
  function pictured(keys) {
    return Object.entries(KINDS).flatMap(([kind, label]) => {
      const found = PLACES.map((place) => keys.map((key) =>
        document.querySelector(`${place(key)} .pixels[data-kind="${kind}"]`)));
      const both = found.find((pair) => pair.every(Boolean));
      return both ? [[label, both]] : [];
    });
  }

  function copied(picture) {
    const copy = picture.cloneNode(true);
    copy.querySelector("image")?.removeAttribute("id"); // which the page has once
    return copy;
  }

  function showPictures(ones) {
    const rows = pictured(ones.map(({ key }) => key));
    pictures.replaceChildren(...ones.map(({ name, key }, side) => {
      const originals = rows.length && document.querySelector(`[data-key="${key}"]`)?.parentElement.querySelector('[data-kind="originals"]');
      return element("div", {}, element("h3", {}, name),
        ...(originals ? [element("p", { className: "label" }, "Test images"), copied(originals)] : []),
        ...rows.flatMap(([label, both]) => [element("p", { className: "label" }, label), copied(both[side])]));
    }));
    if (!rows.length) pictures.append(element("p", { className: "label" }, "The page has no pictures of one kind of both."));
  }

  function show() {
    const [a, b] = selects.map((select) => find(select.value));
    body.replaceChildren(...measures
      .map((measure, index) => [measure, a.values[index], b.values[index]])
      .filter(([, first, second]) => first.length || second.length)
      .map((each) => row(...each, [a.exact, b.exact]))
      .sort(([first], [second]) => (first === second ? 0 : second - first))
      .map(([, made]) => made));
    [a, b].forEach(({ name }, index) => { heads[index + 1].textContent = name; });
    note.textContent = a.dataset === b.dataset ? "" : "The two were measured on different images: their numbers do not compare.";
    showPictures([a, b]);
    selects.forEach((select, index) => state.set(`compare.${index}`, select.value === usual[index] ? "" : select.value));
    mark();
  }

  // --- two rows of any table ---

  const known = new Set(Array.from(selects[0].options, ({ value }) => value));
  const keyOf = (row) => [row.dataset.key, row.dataset.key.replace(".", "")].find((key) => known.has(key));
  let ticked = [];
  const boxes = [];
  const leaders = [];

  function mark() {
    for (const [each, key] of boxes) each.checked = ticked.includes(key);
    for (const leader of leaders) {
      leader.hidden = !ticked.length;
      leader.disabled = !ticked[1];
      leader.textContent = ticked[1] ? "Compare the two" : "Compare: tick another";
    }
  }

  function tick(key, isTicked) {
    ticked = [...ticked.filter((each) => each !== key), ...(isTicked ? [key] : [])].slice(-2);
    mark();
  }

  for (const table of document.querySelectorAll("table:has(tr[data-key])")) {
    for (const row of table.querySelectorAll("tr[data-key]")) {
      const key = keyOf(row);
      if (!key) continue;
      const each = element("input", { type: "checkbox", className: "tick", title: "Compare" });
      each.setAttribute("aria-label", `Compare ${row.cells[0].textContent.trim()}`);
      each.addEventListener("change", () => tick(key, each.checked));
      boxes.push([each, key]);
      row.cells[0].prepend(each);
    }
    const leader = element("button", { type: "button", className: "lead", hidden: true });
    leader.addEventListener("click", () => {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      selects.forEach((select, index) => { select.value = ticked[index]; });
      show();
      location.hash = "compare-first";
    });
    leaders.push(leader);
    table.closest(".scroll").previousElementSibling.querySelector(".reset").before(leader);
  }

  // --- what is shown first ---

  const usual = selects.map((select) => select.querySelector("[selected]").value);
  selects.forEach((select, index) => {
    select.value = state.get(`compare.${index}`);
    if (select.selectedIndex < 0) select.value = usual[index]; // none such; nor what Firefox kept over a reload
    select.addEventListener("input", show);
  });
  box.hidden = false;
  box.closest("details").open ||= state.has("compare.");
  show();
})();
