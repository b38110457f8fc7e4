// Draws the charts of answers. The numbers stand in the table beside each chart; ECharts is
// loaded with the first chart only.

const drawn = new Map();
let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.echarts;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function colours() {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`--chart-${n}`));
}

const compact = new Intl.NumberFormat(document.documentElement.lang, {
  notation: "compact",
  maximumFractionDigits: 1,
});

function seriesOf(data, kind, isAcross) {
  return data.series.map((one) => ({
    name: one.name,
    type: kind,
    data: one.values,
    symbol: data.labels.length > 40 ? "none" : "circle",
    symbolSize: 5,
    lineStyle: { width: 2 },
    barMaxWidth: 28,
    barCategoryGap: "28%",
    itemStyle: { borderRadius: kind === "bar" ? (isAcross ? [0, 3, 3, 0] : [3, 3, 0, 0]) : 0 },
    emphasis: { focus: data.series.length > 1 ? "series" : "none" },
  }));
}

// Names read better beside bars that lie; dates run from left to right.
function liesDown(data) {
  const isLong = data.labels.some((label) => label.length > 12) || data.labels.length > 12;
  return data.kind === "bar" && isLong && data.labels.length <= 30;
}

function axes(data, isAcross, width) {
  const isNarrow = width < 420;
  const quiet = { color: token("--ink-faint"), fontSize: 12, fontFamily: token("--font-text") };
  const names = {
    type: "category",
    data: data.labels,
    inverse: isAcross,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("--hairline") } },
    axisLabel: {
      ...quiet,
      hideOverlap: true,
      margin: isAcross ? 8 : 12,
      width: isAcross ? (isNarrow ? 96 : 150) : undefined,
      overflow: "truncate",
    },
  };
  const values = {
    type: "value",
    splitNumber: isNarrow ? 3 : 5,
    splitLine: { lineStyle: { color: token("--hairline") } },
    axisLabel: { ...quiet, hideOverlap: true, formatter: (value) => compact.format(value) },
  };
  return isAcross ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
}

function describe(data) {
  return (items) => {
    const list = Array.isArray(items) ? items : [items];
    const at = list[0].dataIndex;
    const lines = list.map((item) => {
      const text = data.series[item.seriesIndex].texts[at];
      return data.series.length > 1 ? `{dot|●} ${item.seriesName}  {b|${text}}` : `{b|${text}}`;
    });
    return [data.labels[at], ...lines].join("\n");
  };
}

// The legend wraps; the picture begins below its last line.
function legendHeight(data, width) {
  if (data.series.length < 2) return 0;
  let lines = 1;
  let used = 0;
  for (const one of data.series) {
    const needed = 34 + one.name.length * 7.5;
    if (used + needed > width) {
      lines += 1;
      used = 0;
    }
    used += needed;
  }
  return lines * 22;
}

function optionOf(data, width) {
  const isAcross = liesDown(data);
  const text = { color: token("--ink"), fontFamily: token("--font-text"), fontSize: 13 };
  return {
    animation: false,
    color: colours(),
    textStyle: text,
    aria: { enabled: true },
    grid: { left: 4, right: 16, top: 12 + legendHeight(data, width), bottom: 10, containLabel: true },
    legend: {
      show: data.series.length > 1,
      left: 0,
      top: 2,
      width,
      itemWidth: 12,
      itemHeight: 8,
      textStyle: { ...text, color: token("--ink-soft") },
    },
    tooltip: {
      trigger: "axis",
      // Drawn as part of the picture: an HTML tooltip would need inline styles.
      renderMode: "richText",
      axisPointer: { type: data.kind === "bar" ? "shadow" : "line" },
      backgroundColor: token("--raised"),
      borderColor: token("--hairline"),
      textStyle: { ...text, rich: { b: { fontWeight: 600 } } },
      formatter: describe(data),
    },
    ...axes(data, isAcross, width),
    series: seriesOf(data, data.kind, isAcross),
  };
}

function heightOf(data, width) {
  const bars = Math.max(140, 34 + data.labels.length * Math.max(30, 14 * data.series.length));
  return (liesDown(data) ? bars : 272) + legendHeight(data, width);
}

async function draw(place) {
  const data = JSON.parse(place.dataset.chart);
  if (!place.offsetParent) return;
  place.style.height = `${heightOf(data, place.clientWidth)}px`;
  let echarts;
  try {
    echarts = await load();
  } catch {
    // The table says the same.
    show(place.closest(".result"), "table");
    return;
  }
  if (!place.isConnected) return;
  const chart = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: "svg" });
  chart.resize();
  chart.setOption(optionOf(data, place.clientWidth), { notMerge: true });
  place.setAttribute("role", "img");
  drawn.set(place, chart);
  sizes.observe(place);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.isConnected && target.offsetParent) draw(target);
  }
});

function drawAll() {
  for (const [place, chart] of drawn) {
    if (!place.isConnected) {
      chart.dispose();
      sizes.unobserve(place);
      drawn.delete(place);
    }
  }
  for (const place of document.querySelectorAll("[data-chart]")) {
    if (!drawn.has(place)) draw(place);
  }
}

function show(result, view) {
  result.dataset.view = view;
  for (const button of result.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  show(button.closest(".result"), button.dataset.show);
  drawAll();
});

document.addEventListener("atlas:theme", () => {
  for (const place of drawn.keys()) draw(place);
});

document.body.addEventListener("htmx:wsAfterMessage", drawAll);
drawAll();
