// Latent spaces: a crosshair over the points, and over what is decoded there; which test images lie at it, what
// becomes of them, and their neighbours. Rows of steps: a slider each, which draws what lies between two of them.
(() => {
  const SCALE = 4;
  const GAP = 1; // pixels between the images of a grid
  const PARTS = 1000; // of a plot, in which places are told

  function canvas([width, height], label, count = 1) {
    const made = element("canvas", { width: width * SCALE * count, height: height * SCALE, className: "pixels" });
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", label);
    return made;
  }

  // An image of a sheet with so many in a row; `alpha` lays it over what is there.
  function draw(target, image, index, columns, [width, height], slot = 0, alpha = 1) {
    const paper = target.getContext("2d");
    paper.imageSmoothingEnabled = false;
    paper.globalAlpha = alpha;
    paper.drawImage(image, (index % columns) * (width + GAP), Math.floor(index / columns) * (height + GAP),
      width, height, slot * width * SCALE, 0, width * SCALE, height * SCALE);
  }

  function shape(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  const signed = (value) => value.toFixed(2).replace("-", "−");
  const figure = (drawn, text, name = "") => element("figure", { className: name }, drawn, element("figcaption", {}, text));

  function explore(box) {
    const about = JSON.parse(box.dataset.explorer);
    const { labels, classes, cell, columns } = about;
    const fields = Array.from(box.querySelectorAll(".field"));
    const grid = about.grid && fields[1].firstElementChild;
    const sheet = (id) => (id ? document.querySelector(`#${id} img`) : null);
    const [originals, rebuilt] = [sheet(about.originals), sheet(about.rebuilt)];
    const { held } = about; // so many of either
    const drawn = new Map(Array.from(box.querySelectorAll(".plot path[data-class]"), (path) => [path, path.getAttribute("d")]));
    const side = about.grid ? about.grid.slice(0, 2) : [15, 15];
    const nameOf = (index) => classes[labels[index]] || `number ${index + 1}`; // without classes
    let layout = about.layouts[0];
    let only = "";
    let place = [PARTS / 2, PARTS / 2];

    const at = (index) => [layout.places[2 * index], layout.places[2 * index + 1]];
    const marks = (label) => labels.map((one, index) => {
      const [x, y] = at(index);
      return String(one) === label && Number.isFinite(x) ? `M${x / PARTS * about.box[0]} ${y / PARTS * about.box[1]}${about.shapes[one % 3]}` : "";
    }).join("");

    // The same marks over what is decoded, of those images that the crosshair finds.
    const over = shape("svg", { viewBox: `0 0 ${about.box.join(" ")}`, class: "dots", "aria-hidden": "true" });
    if (grid) {
      for (const label of Object.keys(classes)) over.append(shape("path", { "data-class": label, d: marks(label),
        fill: `var(--class-${label % 10 + 1})`, stroke: "var(--paper)", "stroke-width": 0.7 }));
      fields[1].append(over);
    }

    // Around the nearest point.
    const rings = fields.map((field) => field.appendChild(element("span", { className: "ring" })));
    const panel = element("div", { className: "panel" });
    const said = element("output", {});
    const pictures = [];
    const image = canvas(cell, "Nearest test image");
    const named = figure(image, "");
    const back = canvas(cell, "Its reconstruction");
    const near = canvas(cell, "Its five nearest codes", 5);
    const decoded = grid && canvas(about.grid.slice(2), "Decoded");
    if (originals) pictures.push(named);
    if (rebuilt) pictures.push(figure(back, "Recon\u00adstruction"));
    if (grid) pictures.push(figure(decoded, "Decoded at the cross"));
    if (originals) pictures.push(figure(near, "Its five nearest, in this layout", "near"));
    panel.append(...pictures, said);
    box.querySelector(".planes").append(panel);

    if (grid) {
      const toggle = element("input", { type: "checkbox", checked: true });
      toggle.addEventListener("change", () => { over.style.display = toggle.checked ? "" : "none"; });
      panel.append(element("label", {}, toggle, " Test images as points on the grid"));
    }
    if (about.layouts.length > 1) {
      const choice = element("select", {}, ...about.layouts.map(({ name }, value) => element("option", { value }, name)));
      choice.setAttribute("aria-label", `Layout of ${about.name}`);
      choice.addEventListener("change", () => {
        layout = about.layouts[choice.value];
        const isFirst = layout === about.layouts[0];
        for (const [path, first] of drawn) path.setAttribute("d", isFirst ? first : marks(path.dataset.class));
        for (const one of box.querySelectorAll(".axes, .names")) one.style.display = isFirst ? "" : "none";
        show();
      });
      panel.prepend(element("label", {}, "Layout ", choice));
    }

    const scale = () => {
      const [left, right, bottom, top] = layout.extent ?? [0, 1, 0, 1];
      return [right - left, top - bottom];
    };
    function nearest(from, most, isWanted) {
      const [across, up] = scale();
      const far = (index) => Math.hypot((at(index)[0] - from[0]) * across, (at(index)[1] - from[1]) * up);
      return labels.slice(0, about.hovered).map((_, index) => index)
        .filter((index) => Number.isFinite(at(index)[0]) && isWanted(index))
        .map((index) => [far(index), index]).sort((a, b) => a[0] - b[0]).slice(0, most).map(([, index]) => index);
    }

    function show() {
      for (const field of fields) {
        field.style.setProperty("--x", `${place[0] / PARTS * 100}%`);
        field.style.setProperty("--y", `${place[1] / PARTS * 100}%`);
      }
      const [left, , , top] = layout.extent ?? [];
      const [across, up] = scale();
      const code = [left + across * place[0] / PARTS, top - up * place[1] / PARTS];
      const text = [layout.extent ? `${layout.name} (${code.map(signed).join(", ")})` : layout.name];
      if (grid) {
        const [column, row] = side.map((cells, axis) => Math.min(cells - 1, Math.floor(place[axis] / PARTS * cells)));
        draw(decoded, grid, row * side[0] + column, side[0], about.grid.slice(2));
      }
      const [first] = nearest(place, 1, (index) => index < (held[1] || labels.length) && (!only || String(labels[index]) === only));
      for (const ring of rings) ring.hidden = first === undefined;
      if (first !== undefined) {
        for (const ring of rings) ring.style.inset = at(first).map((part) => `${part / PARTS * 100}%`).reverse().join(" auto auto ");
        const others = nearest(at(first), 5, (index) => index !== first);
        const names = others.map(nameOf).join(", ");
        text.push(`nearest test image: ${nameOf(first)}`);
        named.lastChild.textContent = `Nearest test image: ${nameOf(first)}`;
        near.setAttribute("aria-label", `Its five nearest codes: ${names}`);
        if (first < held[0]) draw(image, originals, first, columns, cell);
        others.forEach((index, slot) => { if (index < held[0]) draw(near, originals, index, columns, cell, slot); });
        if (first < held[1]) draw(back, rebuilt, first, columns, cell);
      }
      said.textContent = text.join(", ");
    }

    const stage = fields[0];
    stage.classList.add("stage");
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", `Latent explorer of ${about.name}: arrow keys move over the codes`);
    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    // By a cell of the grid, from middle to middle.
    stage.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      place = place.map((value, axis) => {
        const now = Math.min(side[axis] - 1, Math.floor(value / PARTS * side[axis]));
        return (Math.max(0, Math.min(side[axis] - 1, now + step[axis])) + 0.5) / side[axis] * PARTS;
      });
      show();
    });
    function point(event) {
      const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
      place = [(event.clientX - left) / width, (event.clientY - top) / height]
        .map((part) => Math.max(0, Math.min(PARTS, part * PARTS)));
      show();
    }
    for (const field of fields) for (const name of ["pointermove", "pointerdown"]) field.addEventListener(name, point);

    const buttons = Array.from(box.querySelectorAll(".legend li"), (item) => {
      const button = element("button", { type: "button" }, ...item.childNodes);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        only = only === item.dataset.class ? "" : item.dataset.class;
        for (const other of buttons) other.setAttribute("aria-pressed", String(only === other.parentElement.dataset.class));
        for (const path of box.querySelectorAll(".plot path[data-class]"))
          path.classList.toggle("off", only && path.dataset.class !== only);
        show();
      });
      item.append(button);
      return button;
    });
    if (buttons.length) rove(box.querySelector(".legend"), () => [buttons]);
    Promise.all([grid, originals, rebuilt].map((one) => one?.decode())).then(show);
  }

  function slide(box) {
    const image = box.querySelector("img");
    const cell = box.dataset.cell.split(" ").map(Number);
    const steps = Math.round((Number(image.getAttribute("width")) + GAP) / (cell[0] + GAP));
    const picture = canvas(cell, `Decoded: ${box.dataset.name}`);
    const middle = (steps - 1) / 2;
    const rows = JSON.parse(box.dataset.rows).map((name, row) => {
      const slider = element("input", { type: "range", min: 0, max: steps - 1, step: 0.1, value: middle });
      slider.setAttribute("aria-label", `${name}: ${box.dataset.name}`);
      const show = () => {
        for (const other of rows) if (other.slider !== slider) other.slider.value = middle;
        const low = Math.floor(slider.value);
        draw(picture, image, row * steps + low, steps, cell);
        if (slider.value > low) draw(picture, image, row * steps + low + 1, steps, cell, 0, slider.value - low);
      };
      slider.addEventListener("input", show);
      return { slider, show, line: element("label", {}, element("span", {}, name), slider) };
    });
    box.append(element("div", {}, ...rows.map(({ line }) => line)), picture,
      element("p", { className: "label" }, "One row at a time; between two pictures of a row, both are blended."));
    image.decode().then(rows[0]?.show);
  }

  for (const box of document.querySelectorAll("[data-explorer]")) explore(box);
  for (const box of document.querySelectorAll("[data-rows]")) slide(box);
})();
