// A link to each heading, table and chart, and charts as files.
(() => {
  const nameOf = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  function link(id, name) {
    const made = element("a", { className: "here", href: `#${id}` }, "¶");
    made.setAttribute("aria-label", `Link to ${name}`);
    return made;
  }

  for (const head of document.querySelectorAll("main :is(h2, h3)")) {
    const section = head.closest("section");
    const name = head.textContent.trim();
    if (!section || head.closest("#compare-pictures, .contents, summary")) continue;
    if (head.localName === "h3" && !head.id) {
      const id = `${section.id}-${nameOf(name)}`;
      if (document.getElementById(id)) continue;
      head.id = id;
    }
    head.append(" ", link(head.localName === "h2" ? section.id : head.id, name));
  }

  for (const fold of document.querySelectorAll("main details[id]")) {
    const head = fold.querySelector("summary");
    head.after(link(fold.id, head.textContent.trim()));
  }

  for (const bar of document.querySelectorAll(".tools[role=toolbar]")) {
    const table = bar.nextElementSibling.querySelector("table");
    bar.append(link(table.id, table.caption.textContent.trim()));
  }

  // --- charts as files ---

  const root = Array.from(document.styleSheets[0]?.cssRules ?? []).find((rule) => rule.selectorText === ":root");

  // With the colours of the light theme, on white.
  function alone(drawn) {
    const copy = drawn.cloneNode(true);
    const [, , width, height] = copy.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.insertAdjacentHTML("afterbegin", '<rect width="100%" height="100%" fill="#fff"/>');
    const text = new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (whole, name) =>
      root?.style.getPropertyValue(name).trim().replaceAll('"', "'") || whole);
    return { text, width, height };
  }

  function save(blob, name) {
    const file = element("a", { href: URL.createObjectURL(blob), download: name });
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10000);
  }

  const FORMS = {
    SVG: (drawn, name) => save(new Blob([alone(drawn).text], { type: "image/svg+xml" }), `${name}.svg`),
    async PNG(drawn, name) {
      const { text, width, height } = alone(drawn);
      const image = new Image(width * 3, height * 3);
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      const canvas = element("canvas", { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${name}.png`));
    },
  };

  for (const chart of document.querySelectorAll(".chart[id]")) {
    const drawn = chart.querySelector(":scope > svg, :scope > :is(.plot, .pan) > svg");
    if (!drawn) continue;
    const name = drawn.getAttribute("aria-label") ?? chart.id;
    const buttons = Object.entries(FORMS).map(([form, write]) => {
      const button = element("button", { type: "button" }, form);
      button.addEventListener("click", () => write(drawn, chart.id));
      return button;
    });
    const bar = element("div", { className: "tools of-chart" }, ...buttons, link(chart.id, `this chart: ${chart.id}`));
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", `Chart ${chart.id}: ${name.slice(0, 60)}`);
    (drawn.closest(".plot, .pan") ?? drawn).after(bar);
  }
})();
