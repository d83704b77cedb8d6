// Charts above their tables: <figure class="chart" data-chart="ID"> draws what
// <script type="application/json" id="ID"> tells (views/charts.py). Without this module the table stays.
// `data-script` is the address of the library with its version; without it the file beside this one is fetched.

const COLOURS = ["accent", "green", "amber", "red", "grey"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle"];
const PRINTED = 660; // Pixels of an A4 sheet between its margins.
const style = getComputedStyle(document.documentElement);
const drawn = [];
let library = null;

function colour(name) {
  return style.getPropertyValue(`--m-${name === "blue" ? "accent" : name}`).trim();
}

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

function words(value, unit) {
  return value.toLocaleString("ru-RU") + (unit ? `\u00a0${unit.trim()}` : "");
}

function seriesOf(asked) {
  const isBar = asked.kind === "bar";
  return asked.series.map((one, place) => ({
    name: one.name,
    type: asked.kind,
    stack: asked.stacked ? "all" : undefined,
    data: one.values,
    color: colour(one.colour || COLOURS[place % COLOURS.length]),
    barMaxWidth: 44,
    symbol: SYMBOLS[place % SYMBOLS.length],
    symbolSize: 8,
    cursor: one.urls ? "pointer" : "default",
    silent: !one.urls,
    label: {
      show: (isBar && !asked.stacked) || asked.series.length === 1,
      position: asked.stacked ? "inside" : "top",
      color: asked.stacked ? "#fff" : colour("text"),
      formatter: ({ value }) => (value ? words(value, asked.unit) : ""),
    },
    labelLayout: { hideOverlap: true },
  }));
}

function optionsOf(asked) {
  const quiet = colour("quiet");
  const line = { lineStyle: { color: colour("line-strong") } };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("text") },
    grid: { left: 8, right: 12, top: 24, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "category",
      data: asked.labels,
      axisLine: line,
      axisTick: { show: false },
      axisLabel: { color: quiet, interval: asked.labels.length > 12 ? "auto" : 0, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: asked.max ?? undefined,
      minInterval: asked.unit ? undefined : 1,
      splitLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: quiet, formatter: (value) => words(value, asked.unit) },
    },
    series: seriesOf(asked),
  };
}

// What a macro writes beforehand (components/charts.html) a bare figure gets here.
function placeIn(figure, asked) {
  const known = figure.querySelector(".chart-drawing");
  if (known) return known;
  const place = document.createElement("div");
  place.className = "chart-drawing";
  if (asked.series.length > 1) figure.append(keysOf(asked));
  figure.append(place);
  for (const part of figure.children) part.setAttribute("aria-hidden", "true");
  return place;
}

function keysOf(asked) {
  const keys = document.createElement("ul");
  keys.className = "chart-keys";
  for (const [place, one] of asked.series.entries()) {
    const key = document.createElement("li");
    const name = document.createElement("span");
    key.className = `chart-key-${one.colour || COLOURS[place % COLOURS.length]}`;
    name.textContent = one.name;
    key.append(name);
    keys.append(key);
  }
  return keys;
}

async function draw(figure) {
  const asked = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = placeIn(figure, asked);
  const echarts = await load(figure.dataset.script || new URL("../vendor/echarts.min.js", import.meta.url).href);
  const chart = echarts.init(place);
  chart.setOption(optionsOf(asked));
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const address = asked.series[seriesIndex].urls?.[dataIndex];
    if (address) window.location.assign(address);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  drawn.push(chart);
  figure.dataset.drawn = "";
}

// What nobody scrolls to is not fetched for; a chart that cannot be drawn leaves its table open.
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target).catch(() => {
        target.classList.add("chart-failed");
        target.querySelector("details")?.setAttribute("open", "");
      });
    }
  },
  { rootMargin: "200px" },
);

window.addEventListener("beforeprint", () => {
  for (const chart of drawn) chart.resize({ width: PRINTED });
  for (const details of document.querySelectorAll(".chart-table:not([open])")) {
    details.open = true;
    details.dataset.forPrint = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const chart of drawn) chart.resize({ width: "auto" });
  for (const details of document.querySelectorAll(".chart-table[data-for-print]")) {
    details.open = false;
    delete details.dataset.forPrint;
  }
});

for (const figure of document.querySelectorAll("figure[data-chart]")) seen.observe(figure);
