// Maps of two-dimensional codes: what is decoded under the pointer, and which test images lie there.
// Traversals of units: a slider that shows one step of all of them.
(() => {
  const SCALE = 5;
  const GAP = 1; // pixels between the images of a grid
  // Ten colours are not told apart by everybody: neighbouring classes differ in shape, too.
  const SHAPES = ["m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0", "m-2.7-2.7h5.4v5.4h-5.4z", "m0-3.6l3.5 6h-7z"];

  function canvas(width, height, label) {
    const made = element("canvas", { width, height, className: "pixels" });
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", label);
    made.getContext("2d").imageSmoothingEnabled = false;
    return made;
  }

  // Its own, whatever it is shown at.
  function sizeOf(image) {
    return ["width", "height"].map((name) => Number(image.getAttribute(name)));
  }

  function draw(target, image, column, row, [width, height], gap) {
    target.getContext("2d").drawImage(image, column * (width + gap), row * (height + gap), width, height,
      0, 0, target.width, target.height);
  }

  function shape(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function signed(value) {
    return value.toFixed(2).replace("-", "−");
  }

  function explore(map) {
    const about = JSON.parse(map.dataset.explorer);
    const image = map.querySelector("img");
    const originals = about.originals && document.getElementById(about.originals)?.querySelector("img");
    const [left, right, bottom, top] = about.extent;
    const size = sizeOf(image);
    const pitch = [about.cell[0] + GAP, about.cell[1] + GAP];
    // From a code to a place in the picture: codes of the grid are at the middles of its cells.
    const at = (x, y) => [
      ((x - left) / (right - left)) * (about.side - 1) * pitch[0] + about.cell[0] / 2,
      ((top - y) / (top - bottom)) * (about.side - 1) * pitch[1] + about.cell[1] / 2,
    ];
    const points = about.points.map(([index, x, y, label]) => ({ label, index, place: at(x, y) }))
      .filter(({ place }) => place.every((value, axis) => value >= 0 && value <= size[axis]));

    const over = shape("svg", { viewBox: `0 0 ${size.join(" ")}`, class: "over", "aria-hidden": "true" });
    const dots = shape("g", {});
    for (const { place, label } of points) {
      const dot = shape("path", { d: `M${place} ${SHAPES[label % 3]}`, fill: `var(--class-${(label % 10) + 1})` });
      dot.append(shape("title", {}));
      dot.firstChild.textContent = about.classes[label];
      dots.append(dot);
    }
    const frame = shape("rect", { width: about.cell[0], height: about.cell[1], class: "frame" });
    over.append(dots, frame);

    const stage = element("div", { className: "stage", tabIndex: 0 });
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", `Latent explorer of ${about.name}: arrow keys move over the grid of codes`);
    image.replaceWith(stage);
    stage.append(image, over);
    const decoded = canvas(about.cell[0] * SCALE, about.cell[1] * SCALE, "Decoded");
    const original = canvas(about.cell[0] * SCALE, about.cell[1] * SCALE, "Nearest test image");
    const code = element("output", {});
    const named = element("figcaption", {});
    const toggle = element("input", { type: "checkbox", checked: true });
    toggle.addEventListener("change", () => { dots.style.display = toggle.checked ? "" : "none"; });
    const side = [element("figure", {}, decoded, element("figcaption", {}, "Decoded"))];
    if (originals) side.push(element("figure", {}, original, named));
    map.append(element("div", { className: "panel" }, ...side),
      element("p", { className: "label" }, code,
        ...(points.length ? [element("label", {}, toggle, ` ${points.length} test images as points`)] : [])));

    let column = (about.side - 1) / 2 | 0;
    let row = column;

    function nearest(place) {
      const far = (point) => Math.hypot(point.place[0] - place[0], point.place[1] - place[1]);
      return points.reduce((best, point) => (best && far(best) <= far(point) ? best : point), null);
    }

    function show(place) {
      const corner = [column * pitch[0], row * pitch[1]];
      frame.setAttribute("x", corner[0]);
      frame.setAttribute("y", corner[1]);
      draw(decoded, image, column, row, about.cell, GAP);
      const x = left + ((right - left) * column) / (about.side - 1);
      const y = top - ((top - bottom) * row) / (about.side - 1);
      code.textContent = `Code (${signed(x)}, ${signed(y)})`;
      const near = nearest(place || [corner[0] + about.cell[0] / 2, corner[1] + about.cell[1] / 2]);
      if (!near || !originals) return;
      draw(original, originals, near.index % about.columns, Math.floor(near.index / about.columns),
        about.cell, GAP);
      named.textContent = `Nearest test image: ${about.classes[near.label]}`;
      code.textContent += `, nearest test image: ${about.classes[near.label]}`;
    }

    function point(event) {
      const box = stage.getBoundingClientRect();
      const place = [((event.clientX - box.left) / box.width) * size[0],
        ((event.clientY - box.top) / box.height) * size[1]];
      const clamp = (value) => Math.max(0, Math.min(about.side - 1, Math.floor(value)));
      [column, row] = [clamp(place[0] / pitch[0]), clamp(place[1] / pitch[1])];
      show(place);
    }

    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    stage.addEventListener("pointermove", point);
    stage.addEventListener("pointerdown", point);
    stage.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      column = Math.max(0, Math.min(about.side - 1, column + step[0]));
      row = Math.max(0, Math.min(about.side - 1, row + step[1]));
      show();
    });
    Promise.all([image.decode(), originals && originals.decode()]).then(() => show());
  }

  function slide(box) {
    const image = box.querySelector("img");
    const cell = box.dataset.cell.split(" ").map(Number);
    const [steps, rows] = sizeOf(image).map((length, axis) => (length + GAP) / (cell[axis] + GAP));
    const name = box.closest("figure").querySelector("figcaption").textContent.trim();
    const pictures = Array.from({ length: rows }, (_, row) => canvas(cell[0] * 2, cell[1] * 2, `Unit ${row + 1}`));
    const slider = element("input", { type: "range", min: 0, max: steps - 1, value: (steps - 1) / 2 });
    slider.setAttribute("aria-label", `Step, from low to high: ${name}`);
    const show = () => pictures.forEach((one, row) => draw(one, image, Number(slider.value), row, cell, GAP));
    slider.addEventListener("input", show);
    box.append(slider, element("div", { className: "steps" }, ...pictures));
    image.decode().then(show);
  }

  for (const map of document.querySelectorAll("[data-explorer]")) explore(map);
  for (const box of document.querySelectorAll("[data-cell]")) slide(box);
})();
