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

  for (const select of selects) {
    Array.from(select.options, (option, index) => { option.value = configurations[index].trials[0][1]; });
    const trials = configurations.flatMap(({ name, trials: each }) => (each.length < 2 ? [] :
      each.map(([seed, key]) => element("option", { value: `${key}.` }, `${name}, seed ${seed}`))));
    if (trials.length) select.append(element("optgroup", { label: "Single trials" }, ...trials));
  }

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

  function row(measure, a, b, exact) {
    const cells = [];
    if (a.length && b.length) {
      const change = mean(b) - mean(a);
      const half = margin([a, b], exact.map((each) => each || measure.exact));
      const width = !half ? "" : ` ± ${figure(half, measure)}`;
      cells.push(figure(mean(a), measure), figure(mean(b), measure), figure(change, measure) + width,
        verdict(change, half, measure.better));
    } else {
      cells.push(...[a, b].map((values) => (values.length ? figure(mean(values), measure) : "–")), "–", "–");
    }
    const head = element("th", { scope: "row" }, measure.label);
    return element("tr", {}, head, ...cells.map((text, index) =>
      element("td", { className: index < 3 ? "number" : "" }, text)));
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
      .map((each) => row(...each, [a.exact, b.exact])));
    [a, b].forEach(({ name }, index) => { heads[index + 1].textContent = name; });
    note.textContent = a.dataset === b.dataset ? "" : "The two were measured on different images: their numbers do not compare.";
    showPictures([a, b]);
    selects.forEach((select, index) => state.set(`compare.${index}`, select.selectedIndex === index ? "" : select.value));
  }

  selects.forEach((select, index) => {
    select.value = state.get(`compare.${index}`);
    if (select.selectedIndex < 0) select.selectedIndex = index; // none such; nor what Firefox kept over a reload
    select.addEventListener("input", show);
  });
  box.hidden = false;
  show();
})();
