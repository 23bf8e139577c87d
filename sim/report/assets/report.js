"use strict";
(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const root = document.documentElement;
  const hidden = new Set();
  const frames = {};
  const phone = matchMedia("(max-width: 640px)");
  const night = matchMedia("(prefers-color-scheme: dark)");
  const drawings = [...document.querySelectorAll(".drawing")];
  let printing = false;

  const isDark = () => !printing && (root.dataset.theme ? root.dataset.theme === "dark" : night.matches);
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const tell = (text) => { document.getElementById("told").textContent = text; };
  const gone = (scenarios) => (scenarios || []).some((name) => hidden.has(name));

  // Figures: the colours of the light become those of the dark wherever they stand.
  const dressed = (value) => {
    if (typeof value === "string") return isDark() ? report.dark[value] ?? value : value;
    if (Array.isArray(value)) return value.map(dressed);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dressed(one)]));
    }
    return value;
  };

  // Rows of hidden scenarios go, and those below move up: the vertical axis of such a figure counts pixels.
  const closedUp = ({ data, layout }) => {
    const taken = layout.meta.rows.filter((row) => gone(row.scenarios));
    const up = (y) => taken.reduce((sum, row) => sum + (row.bottom <= y ? row.bottom - row.top : 0), 0);
    const inside = (y) => taken.some((row) => row.top <= y && y < row.bottom);
    const less = taken.reduce((sum, row) => sum + row.bottom - row.top, 0);
    const [tall] = layout.yaxis.range;
    return {
      data: data.map((trace) => ({
        ...trace, visible: !inside(trace.y[0]), y: trace.y.map((y) => y - up(trace.y[0])),
      })),
      layout: {
        ...layout, height: layout.height - less, yaxis: { ...layout.yaxis, range: [Math.max(tall - less, 1), 0] },
        annotations: layout.annotations.filter((one) => !inside(one.y)).map((one) => ({ ...one, y: one.y - up(one.y) })),
      },
    };
  };

  const withoutHidden = (spec) => {
    if (spec.layout.meta?.rows) return closedUp(spec);
    return {
      data: spec.data.map((trace) => gone(trace.meta?.scenarios) ? { ...trace, visible: false } : trace),
      layout: { ...spec.layout, annotations: (spec.layout.annotations || []).filter((one) => !(one.name || "").split(" ").some((name) => hidden.has(name))) },
    };
  };

  const specOf = (name) => {
    const figure = report.figures[name];
    const narrow = phone.matches && !printing;
    const data = (narrow && figure.narrow.data) || figure.wide.data;
    const frame = figure.frames?.[frames[name] || 0];
    const moved = frame ? data.map((trace, at) => ({ ...trace, ...frame[at] })) : data;
    return withoutHidden({ data: moved, layout: (narrow ? figure.narrow : figure.wide).layout });
  };

  const draw = (drawing) => {
    const { data, layout } = dressed(specOf(drawing.dataset.figure));
    const width = printing ? { width: 680, autosize: false } : {};
    drawing.style.minHeight = `${layout.height}px`;
    const done = Plotly.react(drawing, data, { ...layout, ...width }, { displayModeBar: false, responsive: true });
    drawing.dataset.drawn = "yes";
    return done;
  };
  const redraw = () => drawings.filter((one) => one.dataset.drawn).forEach(draw);

  // One after another, so that the page can be read and scrolled meanwhile; those in view first.
  const drawAll = async () => {
    await Promise.all(["400 13px Inter", "700 13px Inter"].map((font) => document.fonts.load(font)));
    for (const drawing of drawings) {
      await draw(drawing);
      await new Promise((next) => setTimeout(next));
    }
    root.dataset.drawn = "all";
  };

  // Hiding a scenario everywhere.
  const update = () => {
    all(".chip[data-scenario]", (chip) => chip.setAttribute("aria-pressed", String(!hidden.has(chip.dataset.scenario))));
    all("tr[data-scenarios]", (row) => row.classList.toggle("gone", gone(JSON.parse(row.dataset.scenarios))));
    redraw();
  };
  all(".chip[data-scenario]", (chip) => chip.addEventListener("click", () => {
    const name = chip.dataset.scenario;
    if (!hidden.delete(name)) hidden.add(name);
    update();
    tell(`${chip.textContent} ${hidden.has(name) ? "hidden" : "shown"} everywhere`);
  }));
  document.getElementById("show-all")?.addEventListener("click", () => {
    hidden.clear();
    update();
    tell("All scenarios are shown");
  });

  // Tables: a click sorts, another turns the order round; what begins with a number sorts by it.
  const value = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
    const text = cell.textContent.replace("−", "-");
    return /^[+-]?\d/.test(text) ? parseFloat(text) : text;
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number"
    ? (Number.isNaN(a) - Number.isNaN(b)) || a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  all(".sort", (button) => button.addEventListener("click", () => {
    const head = button.closest("th"), table = head.closest("table"), body = table.tBodies[0];
    const column = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
    [...head.parentNode.cells].forEach((cell) => cell.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * order(value(a, column), value(b, column)));
    body.append(...rows);
    tell(`Sorted by ${button.textContent}, ${down ? "descending" : "ascending"}`);
  }));

  // Weeks.
  const show = (slider) => {
    const name = slider.dataset.figure, label = report.figures[name].labels[slider.value];
    frames[name] = Number(slider.value);
    slider.parentNode.querySelector("output").textContent = label;
    slider.setAttribute("aria-valuetext", label);
    draw(document.querySelector(`.drawing[data-figure="${name}"]`));
  };
  all(".slider input", (slider) => slider.addEventListener("input", () => show(slider)));
  all(".play", (button) => {
    const slider = document.getElementById(`slider-${button.dataset.for}`);
    let timer = 0;
    const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (slider.value === slider.max) slider.value = 0;
      button.textContent = "Pause";
      timer = setInterval(() => {
        if (slider.value === slider.max) return stop();
        slider.value = Number(slider.value) + 1;
        show(slider);
      }, 250);
    });
  });

  // Tables of figures are open where there is no script to draw the figures.
  all(".numbers", (one) => { one.open = false; });

  // Light, dark, paper.
  const button = document.getElementById("theme");
  const label = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(isDark()));
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch (error) { /* a file may not keep anything */ }
    label();
    redraw();
  });
  night.addEventListener("change", () => { label(); redraw(); });
  phone.addEventListener("change", redraw);
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("beforeprint", () => { printing = true; drawings.forEach(draw); });
  addEventListener("afterprint", () => { printing = false; redraw(); });

  // Where the reader is.
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach((one) => {
    links.forEach((link, name) => name === one.target.id ? link.setAttribute("aria-current", "true")
      : link.removeAttribute("aria-current"));
  }), { rootMargin: "-10% 0px -80% 0px" });
  all("main section, #answer", (one) => seen.observe(one));

  label();
  drawAll();
})();
